package io.hodei.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The memory limit of the container that this agent has to itself. Any thread.
final class MemoryLimit {
  /// Of control groups version 2 and 1, as a container sees its own.
  private static final List<Path> COUNTS = List.of(Path.of("/sys/fs/cgroup/memory.events"), Path.of("/sys/fs/cgroup/memory/memory.oom_control"));
  private static final String COUNT = "oom_kill ";
  private static final String FIRST_TO_GO = "500";

  private MemoryLimit() {}

  /// How many processes the kernel has killed for it so far; 0 when nobody tells.
  static long kills() {
    for (var file : COUNTS) {
      try {
        for (var line : Files.readAllLines(file)) {
          if (line.startsWith(COUNT)) {
            return Long.parseLong(line.substring(COUNT.length()).strip());
          }
        }
      } catch (IOException | NumberFormatException e) {
        // The other one, or nobody.
      }
    }
    return 0;
  }

  /// When memory runs out, this process and what it starts go before the agent, which has to tell of it.
  static void takesFirst(long pid) {
    try {
      Files.writeString(Path.of("/proc", Long.toString(pid), "oom_score_adj"), FIRST_TO_GO);
    } catch (IOException e) {
      Say.info("oom_score_kept", "pid", pid, "message", e);
    }
  }
}
