package io.hodei.api;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.hodei.kit.Correlation;
import io.hodei.kit.Problem;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/// Calls that another service answers: audit queries and a garbage collection cycle now. The answer is passed on as it is;
/// 503 when the service is away. The one place where job-api depends on other services.
final class ProxyCalls implements AutoCloseable {
  private static final Duration AUDIT_PATIENCE = Duration.ofSeconds(30);
  private static final Duration GC_PATIENCE = Duration.ofSeconds(60);

  private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(2)).build();
  private final String auditUrl;
  private final String gcUrl;

  ProxyCalls(String auditUrl, String gcUrl) {
    this.auditUrl = auditUrl;
    this.gcUrl = gcUrl;
  }

  void auditEvents(ServerRequest request, ServerResponse response) throws InterruptedException {
    String query = request.query().rawValue();
    pass("audit-service", HttpRequest.newBuilder(URI.create(auditUrl + "/v1/audit/events" + (query.isEmpty() ? "" : "?" + query)))
        .timeout(AUDIT_PATIENCE).GET(), response);
  }

  void runGc(ServerRequest request, ServerResponse response) throws IOException, InterruptedException {
    Query.of(request);
    if (!RequestBody.object(request).isEmpty()) {
      throw Problem.invalid("Expected no fields, since a cycle takes no arguments, but found some; leave them out.", List.of()).raise();
    }
    HttpRequest.Builder call = HttpRequest.newBuilder(URI.create(gcUrl + "/v1/gc/runs"))
        .timeout(GC_PATIENCE).header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString("{}"));
    request.headers().first(HeaderNames.create("X-Actor")).ifPresent(actor -> call.header("X-Actor", actor));
    pass("gc-service", call, response);
  }

  private void pass(String service, HttpRequest.Builder call, ServerResponse response) throws InterruptedException {
    HttpResponse<byte[]> answer;
    try {
      answer = client.send(call.header("X-Correlation-Id", Correlation.of(response)).build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new Problem(503, "service-down", "Expected " + service + " to answer, but " + e.getClass().getSimpleName()
          + (e.getMessage() == null ? "" : ": " + e.getMessage()) + "; if it is down, bring it back: ./hodei serve " + service
          + " --config DIR/hodei.yaml (or ./hodei up).").raise();
    }
    response.status(Status.create(answer.statusCode()));
    answer.headers().firstValue("Content-Type").ifPresent(type -> response.header(HeaderNames.CONTENT_TYPE, type));
    answer.headers().firstValue("Retry-After").ifPresent(after -> response.header(HeaderNames.RETRY_AFTER, after));
    response.send(answer.body());
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
