package io.hodei.providers;

import io.hodei.providers.ProviderException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How an agent is started. Any thread.
@FunctionalInterface
interface AgentLaunch {
  /// Gives the agent a session of its own, with the pid that was started: a child is never a group's leader.
  String SETSID = "setsid";
  String MAIN_CLASS = "io.hodei.agent.Main";

  /// The command line that runs the agent on this worker file, which must be its last argument: by it a running agent
  /// is known again.
  List<String> command(Path workerFile) throws ProviderException;

  /// The agent of a distribution: `lib/*.jar`, `agent.flags` (one JVM flag a line; blank lines and `#` are skipped)
  /// and `agent.aot` when it is there.
  static AgentLaunch ofDirectory(Path agentDir, Path java) {
    return workerFile -> {
      try {
        return command(agentDir, java, workerFile);
      } catch (IOException e) {
        throw new ProviderException(Reason.START_FAILED, "Expected the worker agent in " + agentDir + ", but: " + e
            + "; build it, or point hodei.process.agent-dir to it", e);
      }
    };
  }

  private static List<String> command(Path agentDir, Path java, Path workerFile) throws IOException {
    List<String> command = new ArrayList<>(List.of(SETSID, java.toString()));
    command.addAll(arguments(agentDir, agentDir));
    command.add(workerFile.toString());
    return command;
  }

  /// What follows `java` and precedes the worker file, for the agent in `agentDir` where that is found as `seenAs`.
  static List<String> arguments(Path agentDir, Path seenAs) throws IOException {
    List<String> arguments = new ArrayList<>();
    Path flags = agentDir.resolve("agent.flags");
    if (Files.exists(flags)) {
      Files.readAllLines(flags).stream()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .forEach(arguments::add);
    }
    if (Files.exists(agentDir.resolve("agent.aot"))) {
      arguments.add("-XX:AOTCache=" + seenAs.resolve("agent.aot"));
    }
    arguments.addAll(List.of("-cp", classPath(agentDir.resolve("lib"), seenAs.resolve("lib")), MAIN_CLASS));
    return arguments;
  }

  private static String classPath(Path lib, Path seenAs) throws IOException {
    try (Stream<Path> jars = Files.list(lib)) {
      String path = jars.filter(jar -> jar.toString().endsWith(".jar")).sorted()
          .map(jar -> seenAs.resolve(jar.getFileName()).toString()).collect(Collectors.joining(":"));
      if (path.isEmpty()) {
        throw new IOException("no jar in " + lib);
      }
      return path;
    }
  }
}
