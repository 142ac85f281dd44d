package io.hodei.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.hodei.kit.Json;
import io.hodei.kit.Settings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a client is told while Kafka is away, and after a restart of job-api.
@Timeout(180)
class JobApiOutageIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir
  Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private JobApiService service;

  @Test
  void aSubmissionWithoutKafkaIsUnknownAndItsRepetitionIsOneJob() throws Exception {
    try (Backends backends = new Backends(directory)) {
      Settings settings = Settings.of(Map.of("hodei.kafka.bootstrap-servers", backends.bootstrap(), "hodei.registry.url", backends.registryUrl(),
          "hodei.api.port", "0", "hodei.api.ack-timeout", "2s"));
      service = JobApiService.start(settings);
      try (StandInDispatcher dispatcher = new StandInDispatcher(settings)) {
        dispatcher.pool();
        awaitStatus(200, "/health/ready");
        String before = id(post("{\"command\":[\"a\"]}", "before"));
        backends.stopBroker();
        long death = System.nanoTime();
        awaitStatus(503, "/health/ready");
        System.out.println("without Kafka: not ready after " + (System.nanoTime() - death) / 1_000_000 + " ms");
        assertTrue(get("/health/ready").body().contains("Expected Kafka to answer"), get("/health/ready").body());
        assertEquals(200, get("/health/live").statusCode());

        for (String body : new String[] {"{\"command\":[\"a\"]}", "[{\"command\":[\"a\"]},{\"command\":[\"b\"]}]"}) {
          long start = System.nanoTime();
          HttpResponse<String> unknown = post(body, "during");
          long millis = (System.nanoTime() - start) / 1_000_000;
          System.out.println("without Kafka: " + unknown.statusCode() + " after " + millis + " ms");
          assertEquals(503, unknown.statusCode(), unknown.body());
          assertTrue(unknown.headers().firstValue("Retry-After").isPresent());
          assertTrue(unknown.body().contains("repeat"), unknown.body());
          assertTrue(millis < 10_000, millis + " ms");
        }
        assertEquals(200, get("/v1/jobs/" + before).statusCode());

        backends.startBroker();
        awaitStatus(200, "/health/ready");
        String during = id(accepted("{\"command\":[\"a\"]}", "during"));
        assertEquals(during, id(accepted("{\"command\":[\"a\"]}", "during")));
        assertEquals(202, accepted("[{\"command\":[\"a\"]},{\"command\":[\"b\"]}]", "array").statusCode());

        service.close();
        service = JobApiService.start(settings);
        awaitStatus(200, "/health/ready");
        assertEquals(during, id(post("{\"command\":[\"a\"]}", "during")));
        assertEquals(before, id(post("{\"command\":[\"a\"]}", "before")));
        assertEquals(4, Json.MAPPER.readTree(get("/v1/jobs").body()).get("items").size());
      } finally {
        service.close();
      }
    }
  }

  private HttpResponse<String> accepted(String body, String key) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    HttpResponse<String> answer = post(body, key);
    while (answer.statusCode() == 503 && System.nanoTime() < deadline) {
      answer = post(body, key);
    }
    assertEquals(202, answer.statusCode(), answer.body());
    return answer;
  }

  private void awaitStatus(int status, String path) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (get(path).statusCode() != status) {
      assertTrue(System.nanoTime() < deadline, path);
      Thread.sleep(50);
    }
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(HttpRequest.newBuilder(uri(path)).GET().build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String body, String key) throws Exception {
    return client.send(HttpRequest.newBuilder(uri("/v1/jobs")).header("Content-Type", "application/json").header("Idempotency-Key", key)
        .POST(HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + service.port() + path);
  }

  private static String id(HttpResponse<String> answer) throws Exception {
    JsonNode job = Json.MAPPER.readTree(answer.body());
    return job.get("id").asText();
  }
}
