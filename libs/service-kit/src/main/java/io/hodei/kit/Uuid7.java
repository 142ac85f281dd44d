package io.hodei.kit;

import java.security.SecureRandom;
import java.util.UUID;

/// UUIDs of version 7 (RFC 9562): those of one process sort in the order in which they were made, by the millisecond and a counter within it;
/// the rest is random. Thread-safe.
public final class Uuid7 {
  private static final SecureRandom RANDOM = new SecureRandom();

  /// The counter begins at random below this, so that there is room within the millisecond.
  private static final int COUNTER_START = 0x400;

  private static long lastMillis;
  private static int counter;

  private Uuid7() {}

  public static synchronized String next() {
    long now = System.currentTimeMillis();
    if (now > lastMillis) {
      lastMillis = now;
      counter = RANDOM.nextInt(COUNTER_START);
    } else if (++counter > 0xFFF) {
      lastMillis++;
      counter = 0;
    }
    return at(lastMillis, counter, RANDOM.nextLong());
  }

  /// The UUID of this millisecond with these random bits.
  public static String at(long epochMillis, long randomA, long randomB) {
    long high = (epochMillis << 16) | 0x7000L | (randomA & 0xFFFL);
    long low = (randomB & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
    return new UUID(high, low).toString();
  }
}
