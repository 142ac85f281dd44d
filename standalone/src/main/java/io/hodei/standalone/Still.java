package io.hodei.standalone;

import java.util.function.Supplier;

/// A sign of life while something takes long: on a thread of its own, every four seconds in which nothing was told, it tells
/// what is still awaited and since when.
final class Still implements AutoCloseable {
  private static final long PERIOD_MS = 4_000;

  private final Progress progress;
  private final Supplier<String> awaited;
  private final Thread thread;

  Still(Progress progress, Supplier<String> awaited) {
    this.progress = progress;
    this.awaited = awaited;
    this.thread = Thread.ofPlatform().daemon().name("still").start(this::run);
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(200);
        if (progress.silentMs() >= PERIOD_MS) {
          progress.line(String.format(java.util.Locale.ROOT, "… %.0f s, still starting: %s", progress.seconds(), awaited.get()));
        }
      }
    } catch (InterruptedException e) {
      // What was awaited is there.
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
