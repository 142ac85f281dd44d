package io.hodei.chaos;

import io.hodei.testkit.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Steps at their times, each on a virtual thread of its own.
final class Schedule {
  /// What a step does.
  interface Step {
    void run() throws Exception;
  }

  private record Entry(Duration at, String name, Step step) {}

  private final List<Entry> entries = new ArrayList<>();
  private final List<Violation> broken = new ArrayList<>();

  void at(Duration at, String name, Step step) {
    entries.add(new Entry(at, name, step));
  }

  /// Runs all of them to their ends.
  void run() throws InterruptedException {
    long began = System.nanoTime();
    List<Thread> threads = new ArrayList<>();
    for (Entry entry : entries.stream().sorted(Comparator.comparing(Entry::at)).toList()) {
      long left = began + entry.at().toNanos() - System.nanoTime();
      if (left > 0) {
        Thread.sleep(Duration.ofNanos(left));
      }
      threads.add(Thread.ofVirtual().name(entry.name()).start(() -> step(entry)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /// Waits for the end of a thread that was asked to end.
  static void join(Thread thread) {
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void step(Entry entry) {
    try {
      entry.step().run();
    } catch (Exception | AssertionError e) {
      synchronized (broken) {
        broken.add(new Violation("TheRunItself", entry.name(), "it broke: " + e));
      }
    }
  }

  /// Steps that broke: a run that could not do what it had planned proves nothing.
  List<Violation> broken() {
    synchronized (broken) {
      return List.copyOf(broken);
    }
  }
}
