package io.hodei.simulation;

/// When an agent's beats were answered: whether somebody could have missed one.
final class Beats {
  private static final long GAP_MS = 7_000;
  private static final long WELL_MS = 25_000;

  private final World world;
  private long last = Long.MIN_VALUE / 2;
  private long lastGapEnd;

  Beats(World world) {
    this.world = world;
  }

  void answered() {
    long now = world.clockwork.now();
    if (now - last > GAP_MS) {
      lastGapEnd = now;
    }
    last = now;
  }

  long last() {
    return last;
  }

  boolean areWell() {
    long now = world.clockwork.now();
    return now - last < GAP_MS && now - lastGapEnd > WELL_MS;
  }
}
