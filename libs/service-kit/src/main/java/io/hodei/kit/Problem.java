package io.hodei.kit;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An error answer (RFC 9457). `code` is stable and listed in the docs; `more` holds extension members.
public record Problem(int status, String code, String detail, Map<String, Object> more) {
  static final String MEDIA_TYPE = "application/problem+json";

  public Problem(int status, String code, String detail) {
    this(status, code, detail, Map.of());
  }

  /// A refusal of several fields, each with `field` and `message` (and `index` in an array).
  public static Problem invalid(String detail, List<Map<String, Object>> errors) {
    return new Problem(422, "invalid", detail, Map.of("errors", errors));
  }

  /// For what the contract names and is not built yet.
  public static Problem notBuilt(String what) {
    return new Problem(501, "not-built", "Expected something that this version can do, but " + what + " is not built yet.");
  }

  public void send(ServerResponse response) {
    retryAfter().ifPresent(seconds -> response.header(HeaderNames.RETRY_AFTER, seconds));
    response.status(Status.create(status));
    response.header(HeaderNames.CONTENT_TYPE, MEDIA_TYPE);
    response.send(json());
  }

  /// Seconds after which the same call may succeed; empty where time does not help.
  Optional<String> retryAfter() {
    return status == 503 || status == 429 ? Optional.of("2") : Optional.empty();
  }

  /// The body of the answer.
  String json() {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", "urn:hodei:problem:" + code);
    body.put("title", code.replace('-', ' '));
    body.put("status", status);
    body.put("detail", detail);
    body.putAll(more);
    return Json.text(body);
  }

  /// Carries a problem out of a handler.
  public static final class Raised extends RuntimeException {
    private final transient Problem problem;

    public Raised(Problem problem) {
      super(problem.detail(), null, false, false);
      this.problem = problem;
    }

    public Problem problem() {
      return problem;
    }
  }

  public Raised raise() {
    return new Raised(this);
  }
}
