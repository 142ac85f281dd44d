package io.hodei.dispatcher;

import io.hodei.domain.WorkerId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Small conversions between the domain's types and the wire's.
final class Wire {
  private Wire() {}

  static @Nullable String name(@Nullable Enum<?> value) {
    return value == null ? null : value.name();
  }

  static @Nullable String text(@Nullable WorkerId worker) {
    return worker == null ? null : worker.value();
  }

  static @Nullable WorkerId worker(@Nullable String id) {
    return id == null ? null : new WorkerId(id);
  }

  static @Nullable Duration duration(@Nullable Long millis) {
    return millis == null ? null : Duration.ofMillis(millis);
  }

  static @Nullable Long millis(@Nullable Instant instant) {
    return instant == null ? null : instant.toEpochMilli();
  }

  /// A value that must be there.
  ///
  /// @throws UnreadableException when it is not
  static <T> T given(@Nullable T value, String field) {
    if (value == null) {
      throw new UnreadableException("Expected " + field + " to be set, but it is null.");
    }
    return value;
  }
}
