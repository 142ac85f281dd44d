package io.hodei.simulation;

import java.util.List;
import java.util.SplittableRandom;

/// All chance of one world.
final class Dice {
  private final SplittableRandom random;

  Dice(long seed) {
    // Neighbouring seeds must not make similar worlds.
    random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + 0x1234567);
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  /// Both ends included.
  long between(long low, long high) {
    return low >= high ? low : random.nextLong(low, high + 1);
  }

  boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  boolean perMille(int share) {
    return share > 0 && random.nextInt(1000) < share;
  }

  <T> T of(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
