package io.hodei.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Times and durations as people read and write them.
final class Times {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  private Times() {}

  /// `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`, `3 d`.
  static String span(Duration span) {
    long ms = Math.max(0, span.toMillis());
    long s = (ms + 500) / 1000;
    if (ms < 9_950) {
      return (ms + 50) / 1000 + "." + (ms + 50) / 100 % 10 + " s";
    }
    if (s < 60) {
      return s + " s";
    }
    if (s < 3600) {
      return s / 60 + " min" + (s % 60 == 0 ? "" : " " + s % 60 + " s");
    }
    return s < 86_400 ? s / 3600 + " h" + (s / 60 % 60 == 0 ? "" : " " + s / 60 % 60 + " min") : s / 86_400 + " d";
  }

  /// How long ago: `4s`, `12m`, `3h`, `2d`; null for no time.
  static @Nullable String age(@Nullable String time, Instant now) {
    Instant at = instant(time);
    if (at == null) {
      return null;
    }
    long s = Math.max(0, Duration.between(at, now).toSeconds());
    return s < 120 ? s + "s" : s < 7200 ? s / 60 + "m" : s < 172_800 ? s / 3600 + "h" : s / 86_400 + "d";
  }

  /// Null when one of them is missing.
  static @Nullable Duration between(@Nullable String from, @Nullable String to) {
    Instant start = instant(from);
    Instant end = instant(to);
    return start == null || end == null ? null : Duration.between(start, end);
  }

  static @Nullable Instant instant(@Nullable String time) {
    try {
      return time == null ? null : Instant.parse(time);
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  /// A duration of a request: 500ms, 30s, 10m, 1h, 7d.
  static Duration duration(String option, String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw Failure.usage("Expected a duration such as 500ms, 30s, 10m or 1h for " + option + ", but found \"" + text + "\"");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  /// A point in time: RFC 3339, or how long ago.
  static @Nullable String point(String option, @Nullable String text, Instant now) {
    if (text == null || instant(text) != null) {
      return text;
    }
    if (DURATION.matcher(text).matches()) {
      return now.minus(duration(option, text)).truncatedTo(ChronoUnit.MILLIS).toString();
    }
    throw Failure.usage("Expected a time such as 2026-01-31T12:00:00Z, or how long ago, such as 10m, for " + option + ", but found \"" + text + "\"");
  }
}
