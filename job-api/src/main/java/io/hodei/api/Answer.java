package io.hodei.api;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import io.hodei.kit.Json;
import java.util.Map;

/// JSON answers.
final class Answer {
  private Answer() {}

  static void ok(ServerResponse response, Map<String, ?> body) {
    send(response, 200, body);
  }

  static void accepted(ServerResponse response, Map<String, ?> body) {
    send(response, 202, body);
  }

  private static void send(ServerResponse response, int status, Map<String, ?> body) {
    response.status(Status.create(status));
    response.header(HeaderNames.CONTENT_TYPE, "application/json");
    response.send(Json.text(body));
  }
}
