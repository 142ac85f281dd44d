package io.hodei.kit;

import java.util.Locale;

/// How far a tail is on its way to what was there at its start. Told by the tail's thread, read by any; offsets, of which some are
/// no records, are what it counts.
final class CatchUp {
  private static final long EVERY_NANOS = 1_000_000_000L;

  private final long beganNanos;
  private long toldNanos;
  private volatile long done;
  private volatile long total;
  private volatile double seconds;

  CatchUp(long nowNanos) {
    this.beganNanos = nowNanos;
    this.toldNanos = nowNanos;
  }

  void at(long done, long total, long nowNanos) {
    this.total = total;
    this.done = done;
    this.seconds = (nowNanos - beganNanos) / 1e9;
  }

  /// True once a second.
  boolean isDue(long nowNanos) {
    if (nowNanos - toldNanos < EVERY_NANOS) {
      return false;
    }
    toldNanos = nowNanos;
    return true;
  }

  long done() {
    return done;
  }

  long total() {
    return total;
  }

  /// Offsets per second since the start.
  long rate() {
    return seconds <= 0 ? 0 : Math.round(done / seconds);
  }

  /// Seconds that are left at the rate until now; -1 when nobody can tell.
  long leftSeconds() {
    return done == 0 || rate() == 0 ? -1 : Math.round((double) (total - done) / rate());
  }

  /// `120000 of 1000000 (12 %), about 9 s left`.
  String words() {
    String left = leftSeconds() < 0 ? "" : ", about " + leftSeconds() + " s left";
    return String.format(Locale.ROOT, "%d of %d (%d %%)%s", done, total, total == 0 ? 0 : done * 100 / total, left);
  }
}
