package io.hodei.kit;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What every call of every service passes, on the call's own virtual thread: a correlation id for the answer, the check of
/// Host and Origin, and the timer `hodei_http_requests_seconds` of the routes. gRPC has a routing of its own and does not pass.
final class Gate implements Filter {
  /// Two of these would let two readers of one request understand two things.
  private static final List<HeaderName> SINGLE = List.of(HeaderNames.HOST, HeaderNames.CONTENT_LENGTH, HeaderNames.CONTENT_TYPE,
      HeaderNames.create("Idempotency-Key"), Correlation.HEADER);

  private final HostCheck hosts;
  private final MeterRegistry metrics;

  Gate(HostCheck hosts, MeterRegistry metrics) {
    this.hosts = hosts;
    this.metrics = metrics;
  }

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    long start = System.nanoTime();
    response.header(Correlation.HEADER, Correlation.of(request.headers()));
    Problem refusal = refusal(request);
    if (refusal != null) {
      refusal.send(response);
    } else {
      try {
        chain.proceed();
      } finally {
        // Only a route has a name for the timer: those of unknown paths and methods would be as many as callers can think of.
        request.matchingPattern().ifPresent(route -> time(request, response, route, start));
      }
    }
    boolean http1 = request.prologue().protocolVersion().startsWith("1");
    if (http1 && request.headers().first(HeaderNames.CONNECTION).orElse("").equalsIgnoreCase("close")) {
      // Helidon announces the close and then waits for the client's; some clients wait for ours.
      throw new CloseConnectionException("The client asked for it.");
    }
  }

  private @Nullable Problem refusal(RoutingRequest request) {
    String given = request.headers().first(Correlation.HEADER).orElse(null);
    if (given != null && !Correlation.isUsable(given)) {
      return new Problem(400, "bad-header",
          "Expected 1 to 255 visible ASCII characters in X-Correlation-Id, but found others; correct it.");
    }
    for (HeaderName name : SINGLE) {
      if (request.headers().contains(name) && request.headers().get(name).valueCount() > 1) {
        return new Problem(400, "bad-header", "Expected " + name.defaultCase() + " once, but found it more than once; which one counts is nobody's guess.");
      }
    }
    String path = request.path().path();
    if (path.startsWith("/health/") || path.equals("/metrics")) {
      // Probes and scrapers call by whatever address they were given, and learn nothing of anybody's jobs.
      return null;
    }
    return hosts.refusal(request.authority(), request.headers().first(HeaderNames.ORIGIN).orElse(null));
  }

  private void time(RoutingRequest request, RoutingResponse response, String route, long start) {
    Timer.builder("hodei.http.requests").description("Calls answered")
        .tag("method", request.prologue().method().text()).tag("route", route).tag("status", Integer.toString(response.status().code()))
        .register(metrics).record(Duration.ofNanos(System.nanoTime() - start));
  }
}
