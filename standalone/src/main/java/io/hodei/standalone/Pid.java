package io.hodei.standalone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// One process for ever: a pid is used again, a pid with its start (clock ticks since boot) and the boot it belongs to
/// is not. Any thread.
record Pid(long pid, long startTicks, String boot) {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  static Pid ofThisProcess() {
    return of(ProcessHandle.current().pid())
        .orElseThrow(() -> new StandaloneException("Expected to find this process in /proc, but could not; mount /proc."));
  }

  /// The living process that has this pid now; a zombie is dead.
  static Optional<Pid> of(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      boolean dead = fields[0].equals("Z") || fields[0].equals("X");
      return dead ? Optional.empty() : Optional.of(new Pid(pid, Long.parseLong(fields[19]), thisBoot()));
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  boolean alive() {
    return of(pid).filter(this::equals).isPresent();
  }

  /// Asks it to end, waits so long, then kills it. True when it is dead.
  boolean end(Duration grace) {
    signal(false);
    if (!awaitDeath(grace)) {
      signal(true);
    }
    return awaitDeath(Duration.ofSeconds(5));
  }

  /// SIGINT, which no Java call sends.
  void interrupt() {
    if (alive()) {
      try {
        new ProcessBuilder("sh", "-c", "kill -INT " + pid).start().waitFor();
      } catch (IOException e) {
        throw new StandaloneException("Expected to signal process " + pid + ", but: " + e, e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  boolean awaitDeath(Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    while (alive()) {
      if (System.nanoTime() > end) {
        return false;
      }
      Pause.millis(20);
    }
    return true;
  }

  private void signal(boolean kill) {
    if (!alive()) {
      return;
    }
    ProcessHandle.of(pid).ifPresent(process -> {
      if (kill) {
        process.destroyForcibly();
      } else {
        process.destroy();
      }
    });
  }

  private static String thisBoot() throws IOException {
    return Files.exists(BOOT_ID) ? Files.readString(BOOT_ID).strip() : "";
  }
}
