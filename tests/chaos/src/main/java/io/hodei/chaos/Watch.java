package io.hodei.chaos;

import io.hodei.testkit.Installation;
import io.hodei.testkit.ProcessTable;
import io.hodei.testkit.Sighting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Looks at the process table and the scratch directories all the time, and keeps the last sighting of each worker: that is the one that may come
/// after its end. A thread of its own.
final class Watch implements AutoCloseable {
  private static final String MARK = "HODEI_WORKER_ID=";

  private final Installation hodei;
  private final Path scratch;
  private final Map<String, Sighting> last = new HashMap<>();
  private final Thread thread;
  private volatile boolean closed;

  Watch(Installation hodei) {
    this.hodei = hodei;
    this.scratch = hodei.data().resolve("workers");
    this.thread = Thread.ofPlatform().daemon().name("watch").start(this::watch);
  }

  private void watch() {
    try {
      while (!closed) {
        look();
        Thread.sleep(1_000);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// One look at everything.
  synchronized void look() {
    Instant at = Instant.now();
    ProcessTable.ofInstallation(hodei.id()).forEach(process -> {
      String worker = process.environment().stream().filter(each -> each.startsWith(MARK)).findFirst().orElseThrow().substring(MARK.length());
      last.put(worker, new Sighting(worker, at, "process " + process.pid() + ": " + shortened(process.commandLine())));
    });
    if (Files.isDirectory(scratch)) {
      try (Stream<Path> directories = Files.list(scratch)) {
        directories.filter(Files::isDirectory).map(each -> each.getFileName().toString()).filter(each -> !each.startsWith("."))
            .forEach(worker -> last.merge(worker, new Sighting(worker, at, "its scratch directory"), (old, found) -> old.at().equals(at) ? old : found));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static String shortened(String text) {
    return text.length() > 80 ? text.substring(0, 80) + "…" : text;
  }

  /// The last sighting of each worker.
  ///
  /// @throws IllegalStateException when it has not looked all the time
  synchronized List<Sighting> sightings() {
    if (!thread.isAlive()) {
      throw new IllegalStateException("Expected the watch to have looked all the time, but it broke");
    }
    return new ArrayList<>(last.values());
  }

  @Override
  public void close() {
    closed = true;
    Schedule.join(thread);
  }
}
