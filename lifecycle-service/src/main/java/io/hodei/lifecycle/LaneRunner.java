package io.hodei.lifecycle;

import io.hodei.lifecycle.LowWaterMark.Position;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs what the lanes give out, each on a virtual thread of its own, and settles a command when its reports are
/// acknowledged. Any thread may add.
final class LaneRunner implements AutoCloseable {
  /// Does a work and returns when all it has to report is acknowledged.
  @FunctionalInterface
  interface Acts {
    void on(Lanes.Work work) throws InterruptedException;
  }

  private static final int TRIES = 10;
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Logger LOG = LoggerFactory.getLogger(LaneRunner.class);

  private final Lanes lanes;
  private final LowWaterMark mark;
  private final Acts acts;
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  LaneRunner(Lanes lanes, LowWaterMark mark, Acts acts) {
    this.lanes = lanes;
    this.mark = mark;
    this.acts = acts;
  }

  void add(Command command, @Nullable Position at) {
    follow(lanes.add(command, at));
  }

  void open() {
    follow(lanes.open());
  }

  private void follow(Lanes.Turn turn) {
    turn.settled().forEach(mark::settled);
    for (Lanes.Work work : turn.start()) {
      if (!closed) {
        Thread thread = Thread.ofVirtual().name("lane-" + work.command().workerId()).unstarted(() -> run(work));
        threads.add(thread);
        thread.start();
      }
    }
  }

  private void run(Lanes.Work work) {
    try {
      boolean done = tried(work);
      for (int again = 1; !done && again < TRIES; again++) {
        Thread.sleep(PAUSE);
        done = tried(new Lanes.Work(work.command(), work.settles(), true));
      }
      follow(lanes.finished(work));
    } catch (InterruptedException e) {
      LOG.info("Stopped before it was done; a restart does it again: worker_id={}", work.command().workerId());
    } finally {
      threads.remove(Thread.currentThread());
    }
  }

  /// What a provider cannot do is a report; an exception here means that a report could not even be written.
  private boolean tried(Lanes.Work work) throws InterruptedException {
    try {
      acts.on(work);
      return true;
    } catch (RuntimeException e) {
      LOG.error("lane_bug worker_id={}", work.command().workerId(), e);
      return false;
    }
  }

  /// Starts nothing more and waits a little for what runs. What is not finished stays unsettled and is done after the
  /// next start.
  @Override
  public void close() {
    closed = true;
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try {
      for (Thread thread : threads) {
        thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    threads.forEach(Thread::interrupt);
  }
}
