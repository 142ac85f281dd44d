package io.hodei.api;

import org.jspecify.annotations.Nullable;

/// What a row can be found by, in 128 bits: four of them for each value. A row whose signature does not cover the one that is asked for
/// does not match; one that covers it most probably does, which its body has to confirm.
record Signature(long low, long high) {
  static final Signature NONE = new Signature(0, 0);

  private static final int BITS = 4;

  /// The same and a value; nothing is added for null.
  Signature with(String name, @Nullable String value) {
    if (value == null) {
      return this;
    }
    long hash = mixed((long) name.hashCode() << 32 ^ value.hashCode());
    long[] bits = {low, high};
    for (int i = 0; i < BITS; i++) {
      int bit = (int) (hash >>> 8 * i) & 127;
      bits[bit >>> 6] |= 1L << bit;
    }
    return new Signature(bits[0], bits[1]);
  }

  boolean isCoveredBy(long otherLow, long otherHigh) {
    return (low & ~otherLow) == 0 && (high & ~otherHigh) == 0;
  }

  /// Spreads every bit of `value` over all bits.
  static long mixed(long value) {
    long hash = (value ^ value >>> 33) * 0xff51afd7ed558ccdL;
    hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
    return hash ^ hash >>> 33;
  }
}
