package io.hodei.kit;

import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import io.helidon.http.Method;
import io.helidon.http.NotFoundException;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The HTTP of one service: [Gate] before every route, `/health/live`, `/health/ready` and `/metrics` beside its own routes, and
/// every error a problem with a correlation id, whoever found it. Calls run on virtual threads of the web server.
public final class HttpFront {
  private static final Logger LOG = LoggerFactory.getLogger(HttpFront.class);

  private final String service;
  private final Settings settings;
  private final Health health;
  private final MeterRegistry metrics;
  private final Supplier<String> exposition;

  /// `metrics` takes the timer of the calls; `exposition` is the text of `/metrics`.
  public HttpFront(String service, Settings settings, Health health, MeterRegistry metrics, Supplier<String> exposition) {
    this.service = service;
    this.settings = settings;
    this.health = health;
    this.metrics = metrics;
    this.exposition = exposition;
  }

  /// Serves on `port` (0: any) of the configured address; `more` adds to the server's configuration (another routing, limits).
  public WebServer start(int port, Consumer<WebServerConfig.Builder> more, Consumer<Routes> own) {
    Routes routes = new Routes(service);
    own.accept(routes);
    routes.on(Method.GET, "/health/live", (request, response) -> json(response, "{\"status\":\"UP\"}"))
        .on(Method.GET, "/health/ready", this::ready)
        .on(Method.GET, "/metrics", this::metrics);
    HttpRouting.Builder routing = HttpRouting.builder()
        .addFilter(new Gate(new HostCheck(settings.text(Key.API_HOST), settings.text(Key.API_ALLOWED_HOSTS)), metrics))
        .error(Problem.Raised.class, (request, response, raised) -> raised.problem().send(response))
        .error(NotFoundException.class, (request, response, missing) -> routes.unknown(request, response))
        .error(HttpException.class, this::refused)
        .error(Throwable.class, this::failed);
    routes.addTo(routing);
    WebServerConfig.Builder config = WebServer.builder()
        .host(settings.text(Key.API_HOST))
        .port(port)
        .shutdownHook(false)
        // Helidon 4.4.0's NioSocket drops what a socket does not take at once (helidon-io/helidon#11340).
        .useNio(false)
        .connectionOptions(SilenceLimit.USUAL)
        .directHandlers(Refusals.of(service))
        .errorHandling(handling -> handling.includeEntity(true))
        .addRouting(routing);
    more.accept(config);
    WebServer server = config.build().start();
    if (!server.isRunning() || server.port() < 0) {
      server.stop();
      throw new IllegalStateException("Expected to serve " + service + " on port " + port + ", but cannot listen there; another process has it.");
    }
    return server;
  }

  private void ready(ServerRequest request, ServerResponse response) {
    Map<String, String> failures = health.failures();
    response.status(failures.isEmpty() ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503);
    json(response, Json.text(Map.of("status", failures.isEmpty() ? "UP" : "DOWN", "failures", failures)));
  }

  private void metrics(ServerRequest request, ServerResponse response) {
    response.header(HeaderNames.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
    response.send(exposition.get());
  }

  private static void json(ServerResponse response, String body) {
    response.header(HeaderNames.CONTENT_TYPE, "application/json");
    response.send(body);
  }

  private void refused(ServerRequest request, ServerResponse response, HttpException refusal) {
    if (refusal.status().code() >= 500) {
      failed(request, response, refusal);
    } else {
      refusal.headers().forEach(response::header);
      Refusals.problem(refusal.status().code(), refusal.getMessage(), service).send(response);
    }
  }

  private void failed(ServerRequest request, ServerResponse response, Throwable failure) {
    LOG.error("call_failed service={} method={} path={} correlation_id={}", service, request.prologue().method().text(),
        request.prologue().uriPath().path(), Correlation.of(response), failure);
    Refusals.failure(500, service, failure.getClass().getSimpleName()).send(response);
  }
}
