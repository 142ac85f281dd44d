package io.hodei.audit;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/// Times that a client names.
final class QueryTimes {
  private QueryTimes() {}

  /// @throws java.time.DateTimeException when `text` is not RFC 3339 or not a time that the database knows
  static Instant of(String text) {
    return storable(OffsetDateTime.parse(text).toInstant());
  }

  /// @throws java.time.DateTimeException outside the years 0 to 9999
  static Instant storable(Instant time) {
    int year = time.atOffset(ZoneOffset.UTC).getYear();
    if (year < 0 || year > 9999) {
      throw new java.time.DateTimeException("Expected a year from 0 to 9999, but found " + year + ".");
    }
    return time;
  }
}
