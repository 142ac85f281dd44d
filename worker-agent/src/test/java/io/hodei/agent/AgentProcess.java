package io.hodei.agent;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A real agent in a process of its own, as a provider starts it. Closing it kills it.
record AgentProcess(Process process, Path scratch, Path workerFile) implements AutoCloseable {
  private static final long HANG_GUARD_SECONDS = 60;

  static AgentProcess start(Path scratch, URI gateway, String token) throws IOException {
    return start(scratch, gateway, token, jvm());
  }

  /// `jvm` is everything up to the main class.
  static AgentProcess start(Path scratch, URI gateway, String token, List<String> jvm) throws IOException {
    Files.createDirectories(scratch);
    var file = scratch.resolve("worker");
    Files.writeString(file, "workerId=w-1\ninstallationId=i-1\ngateway=" + gateway + "\ntoken=" + token + "\nscratch=" + scratch + "\n");
    var command = new ArrayList<>(jvm);
    command.add("io.hodei.agent.Main");
    command.add(file.toString());
    var builder = new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(scratch.resolve("agent.out").toFile());
    builder.environment().clear();
    builder.environment().putAll(Map.of(
        "PATH", System.getenv("PATH"), "HOME", "/home/agent", "LC_ALL", "C.UTF-8", "LANG", "C.UTF-8",
        "AGENTS_OWN", "must-not-leak", "HODEI_WORKER_ID", "w-1", "HODEI_INSTALLATION_ID", "i-1"));
    return new AgentProcess(builder.start(), scratch, file);
  }

  private static List<String> jvm() throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Files.readAllLines(Path.of("src/main/agent/agent.flags")));
    command.add("-Xshare:auto");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    return command;
  }

  /// A packaged agent directory, started with its flags and its AOT cache.
  static List<String> packaged(Path directory, boolean cache) throws IOException {
    var jars = new ArrayList<String>();
    try (var files = Files.list(directory.resolve("lib"))) {
      files.map(Path::toString).sorted().forEach(jars::add);
    }
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Files.readAllLines(directory.resolve("agent.flags")));
    if (cache) {
      command.add("-XX:AOTCache=" + directory.resolve("agent.aot"));
    }
    command.add("-cp");
    command.add(String.join(File.pathSeparator, jars));
    return command;
  }

  int awaitExit() throws InterruptedException {
    if (!process.waitFor(HANG_GUARD_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("Expected the agent to exit within " + HANG_GUARD_SECONDS + " s, but it runs");
    }
    return process.exitValue();
  }

  String output() throws IOException {
    return Files.readString(scratch.resolve("agent.out"));
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
