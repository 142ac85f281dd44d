package io.hodei.api;

import io.helidon.webserver.http.ServerRequest;
import io.hodei.domain.DurationText;
import io.hodei.kit.Problem;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The query parameters of one call. A name that the call does not know is refused, and so is a value that is none, or a
/// second value where one is expected.
final class Query {
  private final Map<String, List<String>> values;

  private Query(Map<String, List<String>> values) {
    this.values = values;
  }

  static Query of(ServerRequest request, String... known) {
    return of(request.query().toMap(), known);
  }

  static Query of(Map<String, List<String>> values, String... known) {
    for (String name : values.keySet()) {
      if (!Arrays.asList(known).contains(name)) {
        throw new Problem(400, "unknown-query-parameter", "Expected "
            + (known.length == 0 ? "no query parameters" : "query parameters among " + String.join(", ", known))
            + ", but found \"" + name + "\"; remove it.").raise();
      }
    }
    return new Query(values);
  }

  List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  @Nullable String text(String name) {
    List<String> found = all(name);
    if (found.size() > 1) {
      throw Problems.badQuery(name, "one value", String.join("\" and \"", found));
    }
    return found.isEmpty() || found.getFirst().isEmpty() ? null : found.getFirst();
  }

  @Nullable String oneOf(String name, List<String> allowed) {
    String found = text(name);
    if (found != null && !allowed.contains(found)) {
      throw Problems.badQuery(name, "one of " + String.join(", ", allowed), found);
    }
    return found;
  }

  /// Each of the values given, once; none when the parameter is absent or empty.
  List<String> someOf(String name, List<String> allowed) {
    List<String> given = all(name).stream().filter(value -> !value.isEmpty()).distinct().toList();
    for (String found : given) {
      if (!allowed.contains(found)) {
        throw Problems.badQuery(name, "any of " + String.join(", ", allowed), found);
      }
    }
    return given;
  }

  long number(String name, long low, long high, long fallback) {
    String found = text(name);
    if (found == null) {
      return fallback;
    }
    try {
      long number = Long.parseLong(found);
      if (number >= low && number <= high) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw Problems.badQuery(name, "a whole number of " + low + " to " + high, found);
    }
    throw Problems.badQuery(name, "a whole number of " + low + " to " + high, found);
  }

  /// Absent: false; without a value: true.
  boolean flag(String name) {
    return all(name).equals(List.of("")) || "true".equals(oneOf(name, List.of("true", "false")));
  }

  boolean has(String name) {
    return text(name) != null;
  }

  @Nullable Duration duration(String name) {
    String found = text(name);
    Duration duration = found == null ? null : DurationText.parse(found);
    if (found != null && duration == null) {
      throw Problems.badQuery(name, "a duration such as 500ms, 30s, 10m or 1h", found);
    }
    return duration;
  }
}
