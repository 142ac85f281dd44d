package io.hodei.chaos;

import java.io.PrintStream;
import java.time.Duration;

/// One line every few seconds: how far it is, and what is happening. A thread of its own.
final class Progress implements AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(4);

  private final PrintStream out;
  private final Plan plan;
  private final Ledger ledger;
  private final Tail tail;
  private final FaultRun faults;
  private final long began = System.nanoTime();
  private final Thread thread;
  private volatile String waiting = "";
  private volatile boolean closed;

  Progress(PrintStream out, Plan plan, Ledger ledger, Tail tail, FaultRun faults) {
    this.out = out;
    this.plan = plan;
    this.ledger = ledger;
    this.tail = tail;
    this.faults = faults;
    this.thread = Thread.ofPlatform().daemon().name("progress").start(this::tell);
  }

  /// What the run waits for from now on.
  void waiting(String what) {
    waiting = what;
  }

  private void tell() {
    try {
      while (!closed) {
        Thread.sleep(EVERY);
        if (!closed) {
          out.printf("%s of %s  jobs %d accepted, %d ended, %d open  faults %d of %d  %s%n", clock(Duration.ofNanos(System.nanoTime() - began)), clock(plan.length()),
              ledger.jobs(), tail.ended(), tail.openJobs(), faults.count(), plan.faults().size(), waiting.isEmpty() ? faults.words() : waiting);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String clock(Duration time) {
    return String.format("%02d:%02d", time.toMinutes(), time.toSecondsPart());
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
