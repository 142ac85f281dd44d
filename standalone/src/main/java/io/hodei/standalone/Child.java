package io.hodei.standalone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// How `up` starts a process of its own: in its own session, so that Ctrl-C reaches only `up`, which stops its children
/// in order; without input; everything it says goes to one file.
final class Child {
  /// What marks the processes of a job. A Hodei that is itself started by a job must not hand it on.
  private static final List<String> MARKS = List.of("HODEI_WORKER_ID", "HODEI_INSTALLATION_ID", "HODEI_JOB_ID", "HODEI_ATTEMPT");

  private Child() {}

  static ProcessBuilder of(Path log, List<String> command) {
    List<String> inSession = new ArrayList<>(List.of("setsid"));
    inSession.addAll(command);
    ProcessBuilder child = new ProcessBuilder(inSession)
        .redirectInput(Path.of("/dev/null").toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    if (System.getenv("HODEI_WORKER_ID") != null) {
      MARKS.forEach(child.environment()::remove);
    }
    return child;
  }

  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /// The last lines of a log, for a message.
  static String tail(Path log, int lines) {
    try {
      List<String> all = new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
      return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
    } catch (IOException e) {
      return "(no log: " + e.getMessage() + ")";
    }
  }
}
