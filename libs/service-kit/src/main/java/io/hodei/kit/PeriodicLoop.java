package io.hodei.kit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Work done again and again on a thread of its own. Each completed run is counted in `hodei_loop_runs_total{loop}`; a run
/// that throws is logged and the next one comes at its time; three periods without a completed run make the service not ready.
public final class PeriodicLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PeriodicLoop.class);

  /// One run.
  @FunctionalInterface
  public interface Run {
    void run() throws Exception;
  }

  private final String name;
  private volatile Duration period;
  private final Run work;
  private final Counter runs;
  private final Thread thread;
  private final Object signal = new Object();
  private volatile long lastRunNanos = System.nanoTime();
  private volatile boolean closed;
  private boolean nudged;

  PeriodicLoop(String name, Duration period, MeterRegistry metrics, Run work) {
    this.name = name;
    this.period = period;
    this.work = work;
    this.runs = Counter.builder("hodei.loop.runs").tag("loop", name).description("Completed runs of a periodic loop").register(metrics);
    this.thread = Thread.ofPlatform().name("loop-" + name).daemon().unstarted(this::repeat);
  }

  void start() {
    thread.start();
  }

  /// Runs so often from now on. A shorter period begins at once.
  public void every(Duration changed) {
    synchronized (signal) {
      period = changed;
      signal.notifyAll();
    }
  }

  /// Runs once more as soon as possible.
  public void nudge() {
    synchronized (signal) {
      nudged = true;
      signal.notifyAll();
    }
  }

  /// What is wrong with it: null when it ran within three periods.
  @Nullable String lateness() {
    Duration since = Duration.ofNanos(System.nanoTime() - lastRunNanos);
    return since.compareTo(period.multipliedBy(3).plusSeconds(1)) > 0
        ? "loop " + name + " has not run for " + since.toSeconds() + " s; its period is " + period.toMillis() + " ms"
        : null;
  }

  private void repeat() {
    while (!closed) {
      try {
        work.run();
        runs.increment();
        lastRunNanos = System.nanoTime();
      } catch (InterruptedException e) {
        return;
      } catch (Exception e) {
        LOG.warn("loop_failed loop={} cause=\"{}\"", name, e.toString(), e);
      }
      if (!sleep()) {
        return;
      }
    }
  }

  private boolean sleep() {
    long begun = System.nanoTime();
    synchronized (signal) {
      try {
        while (!closed && !nudged) {
          long left = (begun + period.toNanos() - System.nanoTime()) / 1_000_000;
          if (left <= 0) {
            break;
          }
          signal.wait(left);
        }
        nudged = false;
        return !closed;
      } catch (InterruptedException e) {
        return false;
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(3000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
