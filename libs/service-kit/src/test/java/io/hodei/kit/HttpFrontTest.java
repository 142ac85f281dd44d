package io.hodei.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.helidon.http.HttpException;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A service with a few routes of its own, over a real server: what every service answers in the same way.
@Timeout(60)
class HttpFrontTest {
  private static final String HOST = "Host: localhost\r\n";

  private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Health health = new Health();
  private final AtomicReference<String> wrong = new AtomicReference<>();
  private WebServer server;

  @BeforeEach
  void start() {
    health.check("kafka", wrong::get);
    server = new HttpFront("audit-service", Settings.of(Map.of()), health, metrics, metrics::scrape).start(0,
        config -> config.maxPayloadSize(1000), routes -> routes
            .on(Method.GET, "/v1/things/{id}", (request, response) -> response.send("thing"))
            .on(Method.PUT, "/v1/things/{id}", (request, response) -> response.send(request.content().inputStream().readAllBytes()))
            .on(Method.POST, "/v1/typed", (request, response) -> {
              throw new HttpException("text/plain", Status.UNSUPPORTED_MEDIA_TYPE_415);
            })
            .on(Method.GET, "/v1/defect", (request, response) -> {
              throw new IllegalStateException("secret");
            })
            .on(Method.GET, "/v1/checked", (request, response) -> {
              throw new java.io.IOException("secret");
            })
            .on(Method.GET, "/v1/refused", (request, response) -> {
              throw new Problem(503, "starting", "Expected more.").raise();
            }));
  }

  /// Helidon asks each protocol whether a connection is its own, by the first line, and closes what is nobody's.
  @ParameterizedTest
  @ValueSource(strings = {"GET /v1/things/1 HTTP/7\r\n", "GET /v1/things/1 HTTP/1.0\r\n", "nonsense nonsense nonsense nonsense\r\n"})
  void whatIsNeitherHttp1NorHttp2GetsNoAnswer(String firstLine) throws Exception {
    assertThrows(java.io.IOException.class, () -> raw(firstLine + HOST + "\r\n"));
    assertThrows(java.io.IOException.class, () -> raw("GET /v1/things/" + "x".repeat(20_000) + " HTTP/1.1\r\n" + HOST + "\r\n"));
    assertEquals(200, call("GET", "/v1/things/1", "").status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 1\r\nContent-Length: 1\r\n", "Content-Length: 1\r\nIdempotency-Key: a\r\nIdempotency-Key: b\r\n",
      "Content-Length: 1\r\nX-Correlation-Id: a\r\nX-Correlation-Id: b\r\n"})
  void aHeaderThatCountsOnceMayComeOnce(String twice) throws Exception {
    RawHttp.Answer refused = raw("PUT /v1/things/1 HTTP/1.1\r\n" + HOST + twice + "\r\nx");
    assertEquals(400, refused.status(), refused.body());
    assertTrue(refused.body().contains("more than once"), refused.body());
    assertEquals(200, call("GET", "/v1/things/1", "").status());
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  @ParameterizedTest
  @CsvSource({"GET,/v1/things/1,200", "GET,/v1/nothing,404", "GET,/,404", "DELETE,/v1/things/1,405", "GET,/v1/defect,500", "GET,/v1/refused,503",
      "GET,/health/live,200", "GET,/health/ready,200", "GET,/metrics,200"})
  void everyAnswerCarriesTheCallersCorrelationIdOrItsOwn(String method, String path, int status) throws Exception {
    RawHttp.Answer named = call(method, path, "X-Correlation-Id: call-7\r\n");
    assertEquals(status, named.status(), named.body());
    assertEquals("call-7", named.header("X-Correlation-Id"));
    String first = call(method, path, "").header("X-Correlation-Id");
    assertTrue(first.matches("[0-9a-f-]{36}"), first);
    assertNotEquals(first, call(method, path, "").header("X-Correlation-Id"));
    if (status >= 400) {
      problem(named, status);
    }
  }

  @Test
  void anUnknownPathIsToldWhatThereIs() throws Exception {
    RawHttp.Answer answer = call("GET", "/v1/nothing", "");
    assertEquals("not-found", problem(answer, 404));
    assertTrue(answer.body().contains("found /v1/nothing; it has /v1/things/{id},"), answer.body());
    assertEquals("not-found", problem(call("GET", "/v1/things", ""), 404));
    assertEquals("not-found", problem(call("GET", "/v1/things/1/2", ""), 404));
  }

  @Test
  void anotherMethodIsToldWhichThereAre() throws Exception {
    RawHttp.Answer answer = call("DELETE", "/v1/things/1", "");
    assertEquals("method-not-allowed", problem(answer, 405));
    assertEquals("GET, PUT", answer.header("Allow"));
    assertEquals("GET", call("POST", "/health/live", "").header("Allow"));
    assertEquals("method-not-allowed", problem(call("BREW", "/metrics", ""), 405));
  }

  @Test
  void aForeignHostOrOriginIsRefusedButMayProbe() throws Exception {
    assertEquals("foreign-host", problem(raw("GET /v1/things/1 HTTP/1.1\r\nHost: evil.example\r\n\r\n"), 403));
    assertEquals("foreign-host", problem(raw("GET /nothing HTTP/1.1\r\nHost: evil.example\r\n\r\n"), 403));
    assertEquals("foreign-origin", problem(call("GET", "/v1/things/1", "Origin: http://evil.example\r\n"), 403));
    assertEquals(200, raw("GET /health/live HTTP/1.1\r\nHost: 10.1.2.3\r\n\r\n").status());
    assertEquals(200, raw("GET /metrics HTTP/1.1\r\nHost: 10.1.2.3\r\n\r\n").status());
  }

  @Test
  void healthIsJson() throws Exception {
    RawHttp.Answer live = call("GET", "/health/live", "");
    assertEquals("application/json", live.header("Content-Type"));
    assertEquals("UP", live.json().get("status").asText());
    assertEquals("UP", call("GET", "/health/ready", "").json().get("status").asText());
    wrong.set("silent");
    RawHttp.Answer ready = call("GET", "/health/ready", "");
    assertEquals(503, ready.status());
    assertEquals("application/json", ready.header("Content-Type"));
    assertEquals("{\"kafka\":\"silent\"}", ready.json().get("failures").toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /v1/%zz HTTP/1.1\r\n" + HOST + "\r\n", "GET /v1/things/a\u0001b HTTP/1.1\r\n" + HOST + "\r\n",
      "GET /v1/things/1 HTTP/1.1\r\n\r\n", "GET /v1/things/1 HTTP/1.1\r\n" + HOST + HOST + "\r\n", 
      "GET /v1/things/1 HTTP/1.1\r\nHost: a:b:c\r\n\r\n", "GET /v1/things/1?a=<b> HTTP/1.1\r\n" + HOST + "\r\n",
      "GET /v1/things/1 HTTP/1.1\r\n" + HOST + "X-Correlation-Id: a\u0001b\r\n\r\n", "GET /v1/things/1 HTTP/1.1\r\n" + HOST + "X-Actor: a\u0000\r\n\r\n",
      "GET /v1/things/1 HTTP/1.1\r\n" + HOST + "B\u0002d: x\r\n\r\n", "PUT /v1/things/1 HTTP/1.1\r\n" + HOST + "Content-Length: many\r\n\r\n",
      "PUT /v1/things/1 HTTP/1.1\r\n" + HOST + "Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx"})
  void whatIsNoRequestIsAProblemToo(String request) throws Exception {
    assertEquals("syntax", problem(raw(request), 400));
  }

  @Test
  void theCorrelationIdIsKeptWhereTheServerRefusesInsideARoute() throws Exception {
    RawHttp.Answer answer = raw("PUT /v1/things/1 HTTP/1.1\r\n" + HOST + "X-Correlation-Id: call-8\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n");
    assertEquals("syntax", problem(answer, 400));
    assertEquals("call-8", answer.header("X-Correlation-Id"));
    RawHttp.Answer large = raw("PUT /v1/things/1 HTTP/1.1\r\n" + HOST + "X-Correlation-Id: call-9\r\nContent-Length: 1001\r\n\r\n");
    assertEquals("too-large", problem(large, 413));
    assertEquals("call-9", large.header("X-Correlation-Id"));
  }

  @Test
  void whatIsTooLongIsAProblemToo() throws Exception {
    assertEquals("uri-too-long", problem(raw("GET /v1/things/" + "x".repeat(5_000) + " HTTP/1.1\r\n" + HOST + "\r\n"), 414));
    assertEquals("syntax", problem(call("GET", "/v1/things/1", "X-Actor: " + "a".repeat(20_000) + "\r\n"), 400));
    assertEquals("bad-header", problem(call("GET", "/v1/things/1", "X-Correlation-Id: " + "a".repeat(256) + "\r\n"), 400));
    assertEquals("a".repeat(255), call("GET", "/v1/things/1", "X-Correlation-Id: " + "a".repeat(255) + "\r\n").header("X-Correlation-Id"));
    String chunk = "3e9\r\n" + "x".repeat(1001) + "\r\n0\r\n\r\n";
    assertEquals("too-large", problem(raw("PUT /v1/things/1 HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n" + chunk), 413));
  }

  @Test
  void otherTypesAreNamed() throws Exception {
    assertEquals("unsupported-type", problem(call("POST", "/v1/typed", "Content-Type: text/plain\r\nContent-Length: 2\r\n", "{}"), 415));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/defect", "/v1/checked"})
  void aDefectTellsNothingButWhereToLook(String path) throws Exception {
    RawHttp.Answer answer = call("GET", path, "");
    assertEquals("internal", problem(answer, 500));
    assertTrue(answer.body().contains("look for the correlation id in the log of audit-service"), answer.body());
    assertTrue(!answer.body().contains("secret"), answer.body());
  }

  @Test
  void routesAreTimedByTheirNames() throws Exception {
    call("GET", "/v1/things/1", "");
    call("GET", "/v1/things/2", "");
    call("GET", "/v1/refused", "");
    call("GET", "/v1/nothing-" + System.nanoTime(), "");
    String text = call("GET", "/metrics", "").body();
    assertTrue(text.contains("hodei_http_requests_seconds_count{method=\"GET\",route=\"/v1/things/{id}\",status=\"200\"} 2"), text);
    assertTrue(text.contains("route=\"/v1/refused\",status=\"503\"} 1"), text);
    assertTrue(!text.contains("nothing-"), text);
  }

  @Test
  void aCallerThatAsksForItIsHungUpOn() throws Exception {
    for (String path : new String[] {"/v1/things/1", "/v1/nothing"}) {
      try (Socket socket = new Socket("127.0.0.1", server.port())) {
        socket.setSoTimeout(20_000);
        String request = "GET " + path + " HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        assertTrue(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).startsWith("HTTP/1.1 "));
      }
    }
  }

  private static String problem(RawHttp.Answer answer, int status) throws Exception {
    assertEquals(status, answer.status(), answer.body());
    assertEquals("application/problem+json", answer.header("Content-Type"));
    assertTrue(!answer.header("X-Correlation-Id").isEmpty(), answer.headers().toString());
    assertEquals(status == 503, !answer.header("Retry-After").isEmpty());
    assertEquals(status, answer.json().get("status").asInt());
    assertTrue(answer.json().get("detail").asText().startsWith("Expected "), answer.body());
    String type = answer.json().get("type").asText();
    assertTrue(type.startsWith("urn:hodei:problem:"), type);
    return type.substring("urn:hodei:problem:".length());
  }

  private RawHttp.Answer call(String method, String path, String headers) throws Exception {
    return call(method, path, headers, "");
  }

  private RawHttp.Answer call(String method, String path, String headers, String body) throws Exception {
    return raw(method + " " + path + " HTTP/1.1\r\n" + HOST + headers + "\r\n" + body);
  }

  private RawHttp.Answer raw(String request) throws Exception {
    return RawHttp.send(server.port(), request);
  }
}
