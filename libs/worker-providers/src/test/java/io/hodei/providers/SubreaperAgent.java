package io.hodei.providers;

import java.nio.file.Path;
import java.util.List;

/// An agent that, like the real one, adopts what its job loses: `java … SubreaperAgent SCRIPT WORKER_FILE`.
final class SubreaperAgent {
  private SubreaperAgent() {}

  static List<String> command(String script, Path workerFile) {
    return List.of(AgentLaunch.SETSID, Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
        "-cp", classesOf(Subreaper.class) + ":" + classesOf(SubreaperAgent.class), SubreaperAgent.class.getName(), script,
        workerFile.toString());
  }

  private static String classesOf(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation().getPath();
  }

  public static void main(String[] arguments) throws Exception {
    if (Subreaper.become()) {
      new ProcessBuilder("sh", "-c", arguments[0]).start().waitFor();
      Thread.sleep(Long.MAX_VALUE);
    }
  }
}
