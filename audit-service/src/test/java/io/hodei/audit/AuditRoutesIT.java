package io.hodei.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.webserver.WebServer;
import io.hodei.kit.Health;
import io.hodei.kit.HttpFront;
import io.hodei.kit.Json;
import io.hodei.kit.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The route over HTTP, with a real Postgres.
@Timeout(120)
class AuditRoutesIT {
  private final HttpClient client = HttpClient.newHttpClient();
  private AuditStore store;
  private WebServer server;

  @BeforeEach
  void start() throws Exception {
    store = Postgres.emptyStore();
    Given.write(store, 0, List.of(Given.row(0, Given.event("e-1")), Given.row(1, Given.event("e-2"))));
    server = new HttpFront("audit-service", Settings.of(Map.of()), new Health(), new SimpleMeterRegistry(), () -> "")
        .start(0, config -> {}, new AuditRoutes(new AuditQueries(store.dataSource()))::addTo);
  }

  @AfterEach
  void stop() {
    server.stop();
    store.close();
    client.close();
  }

  @Test
  void eventsAreAnsweredWithTheCallersCorrelationId() throws Exception {
    HttpResponse<String> answer = get("/v1/audit/events?jobId=j-1");
    assertEquals(200, answer.statusCode(), answer.body());
    assertEquals("call-1", answer.headers().firstValue("X-Correlation-Id").orElse(""));
    assertEquals(2, Json.MAPPER.readTree(answer.body()).get("items").size());
  }

  @Test
  void parametersAreRefusedUnderTheCodesOfJobApi() throws Exception {
    assertEquals("bad-query", refusal("/v1/audit/events?limit=0", 400));
    assertEquals("bad-query", refusal("/v1/audit/events?from=yesterday", 400));
    assertEquals("bad-query", refusal("/v1/audit/events?type=a&type=b", 400));
    assertEquals("unknown-query-parameter", refusal("/v1/audit/events?colour=red", 400));
    assertEquals("not-found", refusal("/v1/audit", 404));
  }

  private String refusal(String path, int status) throws Exception {
    HttpResponse<String> answer = get(path);
    assertEquals(status, answer.statusCode(), answer.body());
    assertEquals("application/problem+json", answer.headers().firstValue("Content-Type").orElse(""));
    assertEquals("call-1", answer.headers().firstValue("X-Correlation-Id").orElse(""));
    JsonNode problem = Json.MAPPER.readTree(answer.body());
    return problem.get("type").asText().replace("urn:hodei:problem:", "");
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)).header("X-Correlation-Id", "call-1").build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
