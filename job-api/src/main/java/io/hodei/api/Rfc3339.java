package io.hodei.api;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/// Times as the contract writes them: UTC, with milliseconds.
final class Rfc3339 {
  private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private Rfc3339() {}

  static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : FORMAT.format(instant);
  }
}
