package io.hodei.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// The machine's process table, read from /proc: what the infrastructure says.
public final class ProcessTable {
  /// A process with its command line (arguments joined by blanks) and its environment.
  public record Entry(long pid, String commandLine, List<String> environment) {
    public boolean has(String variable, String value) {
      return environment.contains(variable + "=" + value);
    }
  }

  private ProcessTable() {}

  public static List<Entry> all(Predicate<Entry> wanted) {
    List<Entry> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path entry : entries) {
        try {
          String command = text(entry.resolve("cmdline")).replace('\0', ' ').trim();
          List<String> environment = List.of(text(entry.resolve("environ")).split("\0"));
          Entry process = new Entry(Long.parseLong(entry.getFileName().toString()), command, environment);
          if (!command.isEmpty() && wanted.test(process)) {
            found.add(process);
          }
        } catch (IOException e) {
          // It has ended while we looked.
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return found;
  }

  /// Agents and job processes of an installation.
  public static List<Entry> ofInstallation(String installation) {
    return all(process -> process.has("HODEI_INSTALLATION_ID", installation)
        && process.environment().stream().anyMatch(variable -> variable.startsWith("HODEI_WORKER_ID=")));
  }

  /// The agent of a worker, and what it runs.
  public static List<Entry> ofWorker(String worker) {
    return all(process -> process.has("HODEI_WORKER_ID", worker));
  }

  /// The agent of a worker.
  public static List<Entry> agentOf(String worker) {
    return all(process -> process.has("HODEI_WORKER_ID", worker) && process.commandLine().contains("io.hodei.agent.Main"));
  }

  /// Processes whose command line contains `text`.
  public static List<Entry> named(String text) {
    return all(process -> process.commandLine().contains(text));
  }

  /// Sends a signal, such as KILL, STOP or CONT.
  public static void signal(String signal, long pid) {
    Shell.run(java.util.Map.of(), Path.of("/"), List.of("kill", "-" + signal, Long.toString(pid))).exits(0);
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
  }
}
