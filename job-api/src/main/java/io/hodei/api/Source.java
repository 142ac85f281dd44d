package io.hodei.api;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The place of a request's record: `topic-partition`, and the offset there.
record Source(String partition, long offset) {
  private static final Pattern SHAPE = Pattern.compile("(.+-\\d{1,9})-(\\d{1,18})");

  /// The place that `text` (`topic-partition-offset`) names; null when it names none.
  static @Nullable Source of(String text) {
    Matcher match = SHAPE.matcher(text);
    return match.matches() ? new Source(match.group(1), Long.parseLong(match.group(2))) : null;
  }

  static String text(String topic, int partition, long offset) {
    return topic + "-" + partition + "-" + offset;
  }
}
