package io.hodei.kit;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the web server refuses by itself, mostly before a route sees it, as problems with a correlation id. Runs on the
/// connection's thread; Helidon closes the connection after most of these answers.
final class Refusals implements DirectHandler {
  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

  private final String service;

  Refusals(String service) {
    this.service = service;
  }

  /// One handler for all that can be refused.
  static DirectHandlers of(String service) {
    DirectHandlers.Builder handlers = DirectHandlers.builder();
    Refusals refusals = new Refusals(service);
    for (EventType type : EventType.values()) {
      handlers.addHandler(type, refusals);
    }
    return handlers.build();
  }

  @Override
  public TransportResponse handle(TransportRequest request, EventType type, Status status, ServerResponseHeaders headers,
      @Nullable String message) {
    String correlation = Correlation.of(request.headers());
    if (status.code() >= 500 && type == EventType.INTERNAL_ERROR) {
      LOG.error("call_failed service={} method={} path={} correlation_id={} cause=\"{}\"", service, request.method(), request.path(),
          correlation, message);
    }
    Problem problem = problem(status.code(), message, service);
    headers.set(Correlation.HEADER, correlation);
    headers.set(HeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE);
    problem.retryAfter().ifPresent(seconds -> headers.set(HeaderNames.RETRY_AFTER, seconds));
    return TransportResponse.builder().status(status).headers(headers).keepAlive(type.keepAlive()).entity(problem.json()).build();
  }

  /// The problem for a status that Helidon chose; `message` is Helidon's, where it has one that may be shown.
  static Problem problem(int status, @Nullable String message, String service) {
    String why = message == null || message.isBlank() ? "this one is not" : message.strip().replaceAll("\\.+$", "");
    return switch (status) {
      case 404 -> new Problem(status, "not-found", "Expected a path of " + service + ", but: " + why + ".");
      case 405 -> new Problem(status, "method-not-allowed", "Expected another method, but: " + why + "; see Allow.");
      case 413 -> new Problem(status, "too-large", "Expected a smaller body, but found one that " + service + " does not take; send less.");
      case 414 -> new Problem(status, "uri-too-long", "Expected a shorter URI, but found one that " + service + " does not read to its end;"
          + " shorten its path or query.");
      case 415 -> new Problem(status, "unsupported-type", "Expected the Content-Type application/json, but: " + why + "; set it and send JSON.");
      case 431 -> new Problem(status, "headers-too-large", "Expected smaller headers, but found more than " + service + " takes; send less.");
      case 501 -> Problem.notBuilt("what the call asks for");
      case 503 -> new Problem(status, "busy", "Expected to answer, but there are too many calls at once; try again.");
      default -> status < 500
          ? new Problem(status, "syntax", "Expected a request that HTTP allows, but: " + why + "; correct it.")
          : failure(status, service, "something unexpected");
    };
  }

  /// A defect of ours.
  static Problem failure(int status, String service, String what) {
    return new Problem(status, "internal", "Expected to answer, but " + what + " came up; look for the correlation id in the log of "
        + service + ".");
  }
}
