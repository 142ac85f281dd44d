package io.hodei.audit;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;

/// The last event of a page, opaque to clients: the next page begins after it, whatever has been added since.
record Cursor(Instant occurredAt, String eventId) {
  String text() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString((occurredAt.toEpochMilli() + "|" + eventId).getBytes(StandardCharsets.UTF_8));
  }

  /// @throws IllegalArgumentException when no page has ended so
  static Cursor of(String text) {
    String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
    int bar = plain.indexOf('|');
    try {
      if (bar > 0) {
        return new Cursor(QueryTimes.storable(Instant.ofEpochMilli(Long.parseLong(plain.substring(0, bar)))), EventReader.storable(plain.substring(bar + 1)));
      }
    } catch (DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException(e);
    }
    throw new IllegalArgumentException("no bar");
  }
}
