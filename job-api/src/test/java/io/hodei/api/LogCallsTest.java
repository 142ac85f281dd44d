package io.hodei.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.helidon.webserver.WebServer;
import io.hodei.domain.RequestReader;
import io.hodei.kit.Correlation;
import io.hodei.kit.Health;
import io.hodei.kit.HttpFront;
import io.hodei.kit.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LogCallsTest {
  @Test
  void aLogThatKafkaDoesNotGiveIsAnOrderly503() throws Exception {
    JobView jobs = new JobView(Given.codec());
    jobs.decided(Given.job("j-1", "RUNNING").setAttempt(1).setStartedAt(Given.NOON).build());
    LogCalls logs = new LogCalls(jobs, id -> {
      throw new TimeoutException("no broker");
    });
    WebServer server = new HttpFront("job-api", Settings.of(Map.of()), new Health(), new SimpleMeterRegistry(), () -> "")
        .start(0, config -> {}, routes -> routes.on(Route.JOB_LOGS.method(), Route.JOB_LOGS.path(), logs::logs));
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/v1/jobs/j-1/logs")).build(),
          HttpResponse.BodyHandlers.ofString());
      assertEquals(503, answer.statusCode(), answer.body());
      assertEquals("application/problem+json", answer.headers().firstValue("Content-Type").orElse(""));
      assertTrue(answer.body().contains("no broker"), answer.body());
    } finally {
      server.stop();
    }
  }

  @Test
  void correlationIdsOfCallsAndOfRecordsFollowOneRule() {
    for (String text : List.of("", "a", "a b", "é", "a\u0000", "~!", "\u007f", "x".repeat(255), "x".repeat(256))) {
      assertEquals(RequestReader.isCorrelationId(text), Correlation.isUsable(text), text);
    }
  }
}
