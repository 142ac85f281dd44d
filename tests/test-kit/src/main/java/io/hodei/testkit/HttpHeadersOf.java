package io.hodei.testkit;

import java.net.http.HttpHeaders;
import java.util.Map;

/// Headers made by hand.
final class HttpHeadersOf {
  private HttpHeadersOf() {}

  static HttpHeaders none() {
    return HttpHeaders.of(Map.of(), (name, value) -> true);
  }
}
