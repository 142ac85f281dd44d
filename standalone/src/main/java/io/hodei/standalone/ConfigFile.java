package io.hodei.standalone;

import io.hodei.kit.InstallationId;
import io.hodei.kit.Key;
import io.hodei.kit.Settings;
import io.hodei.kit.SettingsException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// `hodei.yaml` in the data directory: what every service reads. `up` owns the keys that tie the parts together, and
/// leaves every other key as a person has set it.
final class ConfigFile {
  private static final String HEAD = """
      # Configuration of this installation. The keys below the line are written by every hodei up; others, above it,
      # are yours and are kept. All keys: docs/configuration.md
      """;

  private ConfigFile() {}

  /// Writes the file and answers what the services will read from it.
  static Settings write(DataDirectory directory, Ports ports, Distribution distribution, Optional<String> provider) throws IOException {
    Map<String, String> kept = existing(directory.config());
    String chosen = provider.orElse(kept.getOrDefault(Key.PROVIDER.key(), "process"));
    Map<String, String> owned = owned(directory, ports, distribution);
    put(owned, Key.PROVIDER, chosen);
    String host = workerHost(chosen, directory);
    String gateway = host.isEmpty() ? "" : "http://" + host + ":" + ports.of(Port.GATEWAY);
    put(owned, Key.PROVIDERS, chosen.equals("process") ? "process" : "process," + chosen);
    put(owned, Key.GATEWAY_WORKER_HOST, host);
    put(owned, Key.DOCKER_GATEWAY_URL, chosen.equals("docker") ? gateway : "");
    put(owned, Key.KUBERNETES_GATEWAY_URL, chosen.equals("kubernetes") ? gateway : "");
    kept.keySet().removeAll(owned.keySet());
    StringBuilder text = new StringBuilder(HEAD);
    kept.forEach((key, value) -> line(text, key, value));
    text.append("# ----\n");
    owned.forEach((key, value) -> line(text, key, value));
    DataDirectory.write(directory.config(), text.toString());
    try {
      return Settings.load(directory.config(), environment());
    } catch (SettingsException e) {
      throw new StandaloneException(e.getMessage() + " (in " + directory.config() + " or the environment)", e);
    }
  }

  /// The address of this machine that workers of this kind reach, and our own processes do not need; empty: there is none.
  private static String workerHost(String provider, DataDirectory directory) {
    return switch (provider) {
      case "docker" -> DockerReach.find(before(directory)).host();
      case "kubernetes" -> KubernetesReach.find(before(directory)).host();
      default -> "";
    };
  }

  /// What a person has set, and the last `up`.
  private static Settings before(DataDirectory directory) {
    return Settings.load(Files.exists(directory.config()) ? directory.config() : null, environment());
  }

  /// The environment without the marks that a job's environment carries: a Hodei in a job is an installation of its own.
  static Map<String, String> environment() {
    Map<String, String> environment = new LinkedHashMap<>(System.getenv());
    if (environment.containsKey("HODEI_WORKER_ID")) {
      environment.remove(Key.INSTALLATION_ID.variable());
    }
    return environment;
  }

  private static Map<String, String> owned(DataDirectory directory, Ports ports, Distribution distribution) throws IOException {
    Map<String, String> owned = new LinkedHashMap<>();
    String given = environment().get(Key.INSTALLATION_ID.variable());
    put(owned, Key.INSTALLATION_ID, given != null ? given : InstallationId.ofCluster(Broker.clusterId(directory.kafka())));
    put(owned, Key.DATA_DIR, directory.root().toString());
    put(owned, Key.KAFKA_BOOTSTRAP, "127.0.0.1:" + ports.of(Port.KAFKA));
    put(owned, Key.REGISTRY_URL, RegistryServer.url(ports.of(Port.REGISTRY)));
    put(owned, Key.API_PORT, Integer.toString(ports.of(Port.API)));
    put(owned, Key.API_URL, Component.API.url(ports));
    put(owned, Key.GATEWAY_PORT, Integer.toString(ports.of(Port.GATEWAY)));
    put(owned, Key.GATEWAY_URL, Component.DISPATCHER.url(ports));
    put(owned, Key.LIFECYCLE_PORT, Integer.toString(ports.of(Port.LIFECYCLE)));
    put(owned, Key.GC_PORT, Integer.toString(ports.of(Port.GC)));
    put(owned, Key.GC_URL, Component.GC.url(ports));
    put(owned, Key.AUDIT_PORT, Integer.toString(ports.of(Port.AUDIT)));
    put(owned, Key.AUDIT_URL, Component.AUDIT.url(ports));
    put(owned, Key.AUDIT_JDBC, Postgres.jdbcUrl(ports.of(Port.POSTGRES)));
    put(owned, Key.AUDIT_USER, Postgres.USER);
    Files.createDirectories(directory.postgres());
    put(owned, Key.AUDIT_PASSWORD, Secrets.of(directory.postgres().resolve("password")));
    put(owned, Key.AUDIT_READER_PASSWORD, Secrets.of(directory.postgres().resolve("reader-password")));
    put(owned, Key.PROCESS_AGENT_DIR, distribution.agent().toString());
    return owned;
  }

  private static void put(Map<String, String> into, Key key, String value) {
    into.put(key.key(), value);
  }

  /// Always in double quotes: a value is text, whatever it looks like.
  private static void line(StringBuilder text, String key, String value) {
    text.append(key).append(": \"").append(value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n")).append("\"\n");
  }

  private static Map<String, String> existing(Path file) throws IOException {
    Map<String, String> flat = new TreeMap<>();
    if (Files.exists(file)) {
      try (Reader in = Files.newBufferedReader(file)) {
        Object loaded = new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
        if (loaded instanceof Map<?, ?> map) {
          flatten("", map, flat);
        } else if (loaded != null) {
          throw new StandaloneException("Expected keys and values in " + file + ", but found something else; mend or remove it.");
        }
      } catch (org.yaml.snakeyaml.error.YAMLException e) {
        throw new StandaloneException("Expected YAML in " + file + ", but: " + e.getMessage() + "; mend or remove it.", e);
      }
    }
    return flat;
  }

  private static void flatten(String path, Map<?, ?> node, Map<String, String> into) {
    node.forEach((name, value) -> {
      String key = path.isEmpty() ? String.valueOf(name) : path + "." + name;
      if (value instanceof Map<?, ?> inner) {
        flatten(key, inner, into);
      } else {
        into.put(key, value == null ? "" : value.toString());
      }
    });
  }
}
