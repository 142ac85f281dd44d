package io.hodei.cli;

import com.fasterxml.jackson.databind.JsonNode;

/// The server's answer is a problem (RFC 9457). What the user asked wrongly is usage, all else a failure.
final class Refused extends Failure {
  private static final long serialVersionUID = 1L;
  private static final int MAX_LINES = 20;

  private final int status;

  Refused(int status, JsonNode problem) {
    super(exitCode(status, problem), text(status, problem));
    this.status = status;
  }

  int status() {
    return status;
  }

  /// Whether the same call may do better in a moment.
  boolean isTransient() {
    return status == 429 || status == 502 || status == 503 || status == 504;
  }

  private static int exitCode(int status, JsonNode problem) {
    return switch (status) {
      // An id or a key that another request has already: the request is wrong, and not the moment.
      case 409 -> problem.path("errors").isEmpty() ? FAILED : USAGE;
      case 400, 413, 414, 415, 422, 431, 501 -> USAGE;
      default -> FAILED;
    };
  }

  private static String text(int status, JsonNode problem) {
    String type = problem.path("type").asText("");
    String code = type.isEmpty() || type.equals("about:blank") ? "HTTP " + status : type.substring(type.lastIndexOf(':') + 1);
    String detail = problem.path("detail").asText(problem.path("title").asText("The server answered without saying why"));
    StringBuilder text = new StringBuilder(detail).append(" (").append(code).append(')');
    if (problem.path("errors").size() == 1 && detail.contains(problem.path("errors").path(0).path("message").asText())) {
      return text.toString();
    }
    int shown = 0;
    for (JsonNode error : problem.path("errors")) {
      if (shown++ == MAX_LINES) {
        return text.append("\n  … and ").append(problem.path("errors").size() - MAX_LINES).append(" more").toString();
      }
      text.append("\n  ");
      if (error.hasNonNull("index")) {
        text.append("job ").append(error.path("index").asInt()).append(": ");
      }
      text.append(error.path("field").asText("request")).append(": ").append(error.path("message").asText());
    }
    return text.toString();
  }
}
