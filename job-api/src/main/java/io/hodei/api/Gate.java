package io.hodei.api;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.hodei.domain.RequestReader;
import io.hodei.kit.HostCheck;
import io.hodei.kit.Problem;
import io.hodei.kit.Uuid7;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What every call passes, on the call's own virtual thread: a correlation id for the answer, the check of Host and Origin,
/// errors as problems, and the timer `hodei_http_requests_seconds`.
final class Gate implements Filter {
  private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

  private final HostCheck hosts;
  private final MeterRegistry metrics;

  Gate(HostCheck hosts, MeterRegistry metrics) {
    this.hosts = hosts;
    this.metrics = metrics;
  }

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    String given = request.headers().first(Answer.CORRELATION).orElse(null);
    boolean usable = given != null && RequestReader.isCorrelationId(given);
    response.header(Answer.CORRELATION, usable ? given : Uuid7.next());
    Problem problem = given != null && !usable
        ? new Problem(400, "bad-header", "Expected 1 to 255 visible ASCII characters in X-Correlation-Id, but found others; correct it.")
        : refusalOf(request);
    if (problem != null) {
      problem.send(response);
    } else {
      chain.proceed();
    }
    if (request.headers().first(HeaderNames.CONNECTION).orElse("").equalsIgnoreCase("close")) {
      // Helidon announces the close and then waits for the client's; some clients wait for ours.
      throw new CloseConnectionException("The client asked for it.");
    }
  }

  private @org.jspecify.annotations.Nullable Problem refusalOf(RoutingRequest request) {
    String path = request.path().path();
    if (path.startsWith("/health/") || path.equals("/metrics")) {
      return null;
    }
    return hosts.refusal(request.authority(), request.headers().first(HeaderNames.ORIGIN).orElse(null));
  }

  /// `handler`, timed as `route`, with what it throws turned into an answer.
  Handler guard(Route route, Handler handler) {
    return (request, response) -> {
      long start = System.nanoTime();
      try {
        handler.handle(request, response);
      } catch (Problem.Raised raised) {
        raised.problem().send(response);
      } catch (Exception e) {
        fail(route, request, response, e);
      } finally {
        Timer.builder("hodei.http.requests").description("Calls answered")
            .tag("method", route.method().text()).tag("route", route.path()).tag("status", Integer.toString(response.status().code()))
            .register(metrics).record(Duration.ofNanos(System.nanoTime() - start));
      }
    };
  }

  private static void fail(Route route, ServerRequest request, ServerResponse response, Exception e) throws Exception {
    if (response.isSent() || response.bytesWritten() > 0) {
      LOG.debug("answer_cut_short route={} correlation_id={} cause=\"{}\"", route, Answer.correlation(response), e.toString());
      throw e;
    }
    LOG.error("call_failed route={} path={} correlation_id={}", route, request.path().path(), Answer.correlation(response), e);
    new Problem(500, "internal", "Expected to answer, but " + e.getClass().getSimpleName()
        + " came up; look for the correlation id in the log of job-api.").send(response);
  }
}
