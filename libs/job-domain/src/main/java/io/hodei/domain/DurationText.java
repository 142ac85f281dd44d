package io.hodei.domain;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Durations as requests write them: a whole number and `ms`, `s`, `m`, `h` or `d`.
public final class DurationText {
  private static final Pattern SHAPE = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");

  private DurationText() {}

  /// The duration that `text` writes; null when it writes none.
  public static @Nullable Duration parse(String text) {
    Matcher match = SHAPE.matcher(text);
    if (!match.matches()) {
      return null;
    }
    long amount = Long.parseLong(match.group(1));
    return switch (match.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  /// The shortest text that writes `duration` exactly, to the millisecond: `24h`, `90s`, `1500ms`.
  public static String of(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 1000 != 0) {
      return millis + "ms";
    }
    long seconds = millis / 1000;
    if (seconds % 3600 == 0 && seconds != 0) {
      return seconds / 3600 + "h";
    }
    return seconds % 60 == 0 && seconds != 0 ? seconds / 60 + "m" : seconds + "s";
  }
}
