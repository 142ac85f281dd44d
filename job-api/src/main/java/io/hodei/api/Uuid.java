package io.hodei.api;

import org.jspecify.annotations.Nullable;

/// A UUID whose text has the usual form in small letters; the order of two is that of their texts.
record Uuid(long high, long low) {
  private static final int LENGTH = 36;
  private static final String LEAST = "00000000-0000-0000-0000-000000000000";
  private static final String GREATEST = "ffffffff-ffff-ffff-ffff-ffffffffffff";

  /// How ids begin: the UUIDs from `least` to `greatest`, none when these are null, and other ids by their text.
  record Prefix(String text, @Nullable Uuid least, @Nullable Uuid greatest) {
    boolean covers(long high, long low) {
      return least != null && greatest != null && least.compareToReversed(high, low) >= 0 && greatest.compareToReversed(high, low) <= 0;
    }
  }

  /// Null when `text` has another form.
  static @Nullable Uuid parse(String text) {
    if (text.length() != LENGTH) {
      return null;
    }
    long high = 0;
    long low = 0;
    for (int i = 0; i < LENGTH; i++) {
      char c = text.charAt(i);
      if (i == 8 || i == 13 || i == 18 || i == 23) {
        if (c != '-') {
          return null;
        }
        continue;
      }
      int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
      if (digit < 0) {
        return null;
      }
      if (i < 18) {
        high = high << 4 | digit;
      } else {
        low = low << 4 | digit;
      }
    }
    return new Uuid(high, low);
  }

  static Prefix prefix(String text) {
    int length = Math.min(text.length(), LENGTH);
    return new Prefix(text, parse(text + LEAST.substring(length)), parse(text + GREATEST.substring(length)));
  }

  String text() {
    return new java.util.UUID(high, low).toString();
  }

  /// How the UUID of these bits compares to this one.
  int compareToReversed(long otherHigh, long otherLow) {
    int byHigh = Long.compareUnsigned(otherHigh, high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(otherLow, low);
  }
}
