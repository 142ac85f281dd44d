package io.hodei.audit;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// Times as the contract writes them: RFC 3339, UTC, milliseconds.
final class JsonTime {
  private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private JsonTime() {}

  static String text(Instant time) {
    return FORMAT.format(time);
  }
}
