package io.hodei.lifecycle;

import io.hodei.kit.Key;
import io.hodei.kit.Settings;
import io.hodei.kit.SettingsException;
import io.hodei.providers.DockerProvider;
import io.hodei.providers.KubernetesProvider;
import io.hodei.providers.ProcessProvider;
import io.hodei.providers.WorkerProvider;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The places where this service makes workers, from the configuration.
final class ProviderSites {
  private static final String KINDS = "one or several of process, docker and kubernetes";

  private ProviderSites() {}

  /// One provider of each type that is asked for, none of them twice.
  static List<WorkerProvider> open(Settings settings, String installationId) {
    Set<String> types = new LinkedHashSet<>(Stream.of(settings.text(Key.PROVIDERS).split(",")).map(String::strip).filter(type -> !type.isEmpty()).toList());
    if (types.isEmpty()) {
      throw new SettingsException("Expected " + KINDS + " for " + Key.PROVIDERS.key() + ", but found none.");
    }
    return types.stream().map(type -> switch (type) {
      case "process" -> new ProcessProvider(ProcessSites.of(settings, installationId));
      case "docker" -> new DockerProvider(DockerSites.of(settings, installationId));
      case "kubernetes" -> new KubernetesProvider(KubernetesSites.of(settings, installationId));
      default -> throw new SettingsException("Expected " + KINDS + " for " + Key.PROVIDERS.key() + ", but found \"" + type + "\".");
    }).toList();
  }

  /// Where agents of workers of this type find the gateway.
  static URI gatewayFor(String type, Settings settings) {
    String own = switch (type) {
      case "docker" -> settings.text(Key.DOCKER_GATEWAY_URL);
      case "kubernetes" -> settings.text(Key.KUBERNETES_GATEWAY_URL);
      default -> "";
    };
    return URI.create(own.isBlank() ? settings.text(Key.GATEWAY_URL) : own);
  }

  /// The configured name of an instance, else its type and this host's name.
  static String providerId(String type, String configured) {
    return configured.isBlank() ? type + "-" + hostName() : configured;
  }

  /// The directory with the agent's lib, agent.flags and agent.aot.
  static Path agentDir(Settings settings) {
    String configured = settings.text(Key.PROCESS_AGENT_DIR);
    if (configured.isBlank()) {
      throw new SettingsException("Expected " + Key.PROCESS_AGENT_DIR.key()
          + ", but it is not set; set it to the directory with the agent's lib, agent.flags and agent.aot.");
    }
    return Path.of(configured);
  }

  /// `configured`, else this directory in the data directory.
  static Path directory(Settings settings, Key key, String inDataDirectory) {
    String configured = settings.text(key);
    if (!configured.isBlank()) {
      return Path.of(configured);
    }
    String data = settings.text(Key.DATA_DIR);
    if (data.isBlank()) {
      throw new SettingsException("Expected " + key.key() + " or " + Key.DATA_DIR.key()
          + ", but neither is set; set one to a directory of this service.");
    }
    return Path.of(data, inDataDirectory);
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9._-]", "-");
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
