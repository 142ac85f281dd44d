package io.hodei.kit;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.webserver.http.ServerResponse;

/// The id that ties a call to all that follows from it: the caller's, or a new one. Every answer carries it.
public final class Correlation {
  public static final HeaderName HEADER = HeaderNames.create("X-Correlation-Id");

  private static final int LONGEST = 255;

  private Correlation() {}

  /// The id of the call that `response` answers.
  public static String of(ServerResponse response) {
    return response.headers().get(HEADER).get();
  }

  /// Whether `text` may be one: 1 to 255 visible ASCII characters. The heart has the same rule for those in records.
  public static boolean isUsable(String text) {
    return !text.isEmpty() && text.length() <= LONGEST && text.chars().allMatch(c -> c > 0x20 && c < 0x7F);
  }

  /// The caller's, when it sent a usable one, else a new one.
  static String of(Headers call) {
    return call.first(HEADER).filter(Correlation::isUsable).orElseGet(Uuid7::next);
  }
}
