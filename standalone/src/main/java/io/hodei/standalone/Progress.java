package io.hodei.standalone;

import java.io.PrintStream;
import java.util.Locale;

/// What `up` and `down` tell while they work: a line per event, on stderr, at once. Any thread.
final class Progress {
  private final PrintStream out;
  private final long start = System.nanoTime();
  private volatile long told = start;

  Progress(PrintStream out) {
    this.out = out;
  }

  void line(String text) {
    told = System.nanoTime();
    out.println(text);
    out.flush();
  }

  /// One part is there: its name, the time since the start, where it is.
  void up(Component component, String url) {
    line(String.format(Locale.ROOT, "%-18s up after %4.1f s  %s", component.label(), seconds(), url));
  }

  /// Since the last line, in milliseconds.
  long silentMs() {
    return (System.nanoTime() - told) / 1_000_000;
  }

  double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }
}
