package io.hodei.agent;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Who this worker is and where its gateway is: the only secret the agent is given, by a file that is gone before
/// anything else happens. Its lines are `key=value`, taken as they are: no escapes, no quotes. `container`: this agent has a container to itself, which
/// gives the job `environment`; where the file does not say it, that is the agent's own without what is there for the agent alone. `shared`: what is mounted in
/// that container because somebody asked for it, whose files are no business of this worker's.
record WorkerFile(String workerId, String installationId, URI gateway, String token, Path scratch, boolean container, Map<String, String> environment, Set<Path> shared) {

  /// What is wrong with the file or the command line, for a person.
  static final class Wrong extends Exception {
    private static final long serialVersionUID = 1;

    Wrong(String message) {
      super(message);
    }
  }

  private static final Set<String> FOR_THE_AGENT = Set.of("LC_ALL", "LD_LIBRARY_PATH", "LD_PRELOAD", "LD_AUDIT", "GCONV_PATH", "GLIBC_TUNABLES",
      "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  static WorkerFile readAndDelete(String... args) throws Wrong {
    if (args.length != 1) {
      throw new Wrong("Expected one argument, the worker file, but got " + args.length + "; start it as: java … io.hodei.agent.Main <worker-file>");
    }
    var file = Path.of(args[0]);
    String text;
    try {
      text = Files.readString(file);
      Files.delete(file);
    } catch (IOException e) {
      throw new Wrong("Expected a worker file that can be read and deleted, but " + e + "; let the provider write it");
    }
    return parse(text, System.getenv());
  }

  /// `own`: the environment of this process.
  static WorkerFile parse(String text, Map<String, String> own) throws Wrong {
    var keys = new HashMap<String, String>();
    text.lines().forEach(line -> {
      int equals = line.indexOf('=');
      if (equals > 0) {
        keys.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
      }
    });
    var scratch = absolute(require(keys, "scratch"));
    boolean container = Boolean.parseBoolean(keys.get("container"));
    var given = keys.get("environment");
    return new WorkerFile(require(keys, "workerId"), require(keys, "installationId"), gateway(require(keys, "gateway")), require(keys, "token"), scratch,
        container, given == null && container ? withoutTheAgents(own) : environment(given == null ? "" : given), shared(keys.getOrDefault("shared", "")));
  }

  /// A HOME that is the root is what a container has whose image names none.
  private static Map<String, String> withoutTheAgents(Map<String, String> own) {
    var environment = new HashMap<String, String>();
    own.forEach((name, value) -> {
      if (!FOR_THE_AGENT.contains(name) && !name.startsWith("HODEI_") && !(name.equals("HOME") && value.equals("/"))) {
        environment.put(name, value);
      }
    });
    return environment;
  }

  /// Of NAME=VALUE.
  private static Map<String, String> environment(String base64) throws Wrong {
    var environment = new HashMap<String, String>();
    for (var entry : list("environment", base64)) {
      int equals = entry.indexOf('=');
      if (equals > 0) {
        environment.put(entry.substring(0, equals), entry.substring(equals + 1));
      }
    }
    return environment;
  }

  private static Set<Path> shared(String base64) throws Wrong {
    var shared = new HashSet<Path>();
    for (var target : list("shared", base64)) {
      if (!target.isEmpty()) {
        shared.add(Path.of("/").resolve(target).normalize());
      }
    }
    return shared;
  }

  /// Base64 of texts, each ended by a NUL but the last.
  private static List<String> list(String key, String base64) throws Wrong {
    try {
      return List.of(new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8).split("\0"));
    } catch (IllegalArgumentException e) {
      throw new Wrong("Expected Base64 as the " + key + " in the worker file, but " + e.getMessage());
    }
  }

  private static Path absolute(String text) throws Wrong {
    try {
      var path = Path.of(text);
      if (path.isAbsolute()) {
        return path;
      }
    } catch (InvalidPathException e) {
      throw new Wrong("Expected a scratch directory that this locale can name, but " + e.getMessage() + "; start the agent with LC_ALL=C.UTF-8");
    }
    throw new Wrong("Expected an absolute scratch directory in the worker file, but it is " + text);
  }

  private static URI gateway(String text) throws Wrong {
    URI uri;
    try {
      uri = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new Wrong("Expected gateway=http://host:port in the worker file, but it is " + text);
    }
    if ("https".equals(uri.getScheme())) {
      throw new Wrong("Expected gateway=http://host:port in the worker file, but it is " + text + "; TLS to the gateway is not built yet");
    }
    if (!"http".equals(uri.getScheme()) || uri.getHost() == null || uri.getPort() < 0) {
      throw new Wrong("Expected gateway=http://host:port in the worker file, but it is " + text);
    }
    return uri;
  }

  private static String require(Map<String, String> keys, String key) throws Wrong {
    var value = keys.get(key);
    if (value == null || value.isBlank()) {
      throw new Wrong("Expected the key " + key + " in the worker file, but it is missing");
    }
    return value;
  }

  @Override
  public String toString() {
    return "WorkerFile[" + workerId + ", " + gateway + "]";
  }
}
