package io.hodei.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.hodei.testkit.Answer;
import io.hodei.testkit.Await;
import io.hodei.testkit.Installation;
import io.hodei.testkit.Topics;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Requests from plain producers and over HTTP: right, repeated, wrong and hostile ones.
@ResourceLock(Shared.WHOLE)
class InterfacesST {
  private final Installation hodei = Shared.installation();
  private final Topics topics = Topics.of(hodei);

  // proves: contract:topic-job-requests
  @Test
  void jsonFromAnyProducerRuns() {
    String id = "json-" + UUID.randomUUID();
    topics.send("hodei.job-requests", null, ("{\"id\":\"" + id + "\",\"command\":[\"sh\",\"-c\",\"echo from kafka\"]}").getBytes(StandardCharsets.UTF_8));
    visible(id);
    assertEquals("SUCCEEDED", hodei.ended(id).path("state").asText());
    assertEquals("from kafka\n", hodei.get("/v1/jobs/" + id + "/logs?format=text").body());
  }

  // proves: contract:topic-job-requests, contract:wire-format
  @Test
  void avroFromAProducerThatKnowsOnlyTheRegistryRuns() {
    String id = "avro-" + UUID.randomUUID();
    topics.send("hodei.job-requests", "any key", topics.encode("hodei.job-requests-value",
        Map.of("id", id, "command", List.of("sh", "-c", "echo $GREETING"), "env", Map.of("GREETING", "hello"))));
    visible(id);
    assertEquals("SUCCEEDED", hodei.ended(id).path("state").asText());
    assertEquals("hello\n", hodei.get("/v1/jobs/" + id + "/logs?format=text").body());
  }

  // proves: contract:topic-job-events, contract:wire-format
  @Test
  void aRequestWithoutAnIdIsFoundByItsSource() {
    RecordMetadata place = topics.send("hodei.job-requests", null, "{\"command\":[\"true\"]}".getBytes(StandardCharsets.UTF_8));
    GenericRecord submitted = event("JobSubmitted", place);
    assertEquals("SUCCEEDED", hodei.ended(Topics.text(submitted, "jobId")).path("state").asText());
  }

  // proves: invariant:I8, contract:idempotency
  @Test
  void theSameRecordTwiceIsOneJob() {
    String id = "twice-" + UUID.randomUUID();
    byte[] request = ("{\"id\":\"" + id + "\",\"command\":[\"true\"]}").getBytes(StandardCharsets.UTF_8);
    topics.send("hodei.job-requests", null, request);
    topics.send("hodei.job-requests", null, request);
    RecordMetadata other = topics.send("hodei.job-requests", null, ("{\"id\":\"" + id + "\",\"command\":[\"false\"]}").getBytes(StandardCharsets.UTF_8));
    assertEquals("conflict", Topics.text(event("JobRejected", other), "code"));
    visible(id);
    assertEquals("SUCCEEDED", hodei.ended(id).path("state").asText());
    assertEquals(1, topics.records("hodei.job-events").stream().filter(event -> id.equals(Topics.text(event, "jobId"))
        && Topics.text(event, "type").equals("JobSubmitted")).count());
  }

  // proves: invariant:I8, contract:idempotency
  @Test
  void theSameKeyIsTheSameJobAndAnotherBodyAConflict() {
    String key = UUID.randomUUID().toString();
    JsonNode first = hodei.post("/v1/jobs", Jobs.sh("true"), "Idempotency-Key", key).is(202).json();
    JsonNode again = hodei.post("/v1/jobs", Jobs.sh("true"), "Idempotency-Key", key).is(202).json();
    assertEquals(first.path("id").asText(), again.path("id").asText());
    assertEquals(409, hodei.post("/v1/jobs", Jobs.sh("false"), "Idempotency-Key", key).status());
    String id = "given-" + UUID.randomUUID();
    hodei.post("/v1/jobs", "{\"id\":\"" + id + "\",\"command\":[\"true\"]}").is(202);
    hodei.post("/v1/jobs", "{\"id\":\"" + id + "\",\"command\":[\"true\"]}").is(202);
    assertEquals(409, hodei.post("/v1/jobs", "{\"id\":\"" + id + "\",\"command\":[\"false\"]}").status());
  }

  // proves: contract:topic-dead-letters, contract:topic-job-requests
  @Test
  void whatCannotBeReadGoesToTheDeadLettersAndThePipelineGoesOn() {
    for (byte[] bad : List.of("not json".getBytes(StandardCharsets.UTF_8), new byte[] {0, 0, 0, 0, 99, 1, 2}, new byte[] {0}, new byte[0],
        "[1,2]".getBytes(StandardCharsets.UTF_8), "{\"command\":[\"true\"]} trailing".getBytes(StandardCharsets.UTF_8))) {
      RecordMetadata place = topics.send("hodei.job-requests", "k", bad);
      String source = place.topic() + "-" + place.partition() + "-" + place.offset();
      var letter = Await.until("a dead letter of " + source, Duration.ofSeconds(60), () -> topics.raw("hodei.dead-letters").stream()
          .filter(record -> source.equals(record.key())).findFirst().orElse(null));
      assertTrue(java.util.Arrays.equals(bad, letter.value()), "the original bytes");
      assertTrue(letter.headers().lastHeader("hodei.reason") != null);
    }
    assertEquals("SUCCEEDED", hodei.ended(hodei.submit(Jobs.sh("true"))).path("state").asText());
  }

  // proves: contract:topic-job-requests, contract:refuse-by-name
  @Test
  void whatCanBeReadAndIsWrongIsRejectedWithItsField() {
    rejected("{\"command\":[\"true\"],\"colour\":\"red\"}", "colour");
    rejected("{\"command\":\"true\"}", "command");
    rejected("{\"command\":[\"true\"],\"pool\":\"nowhere\"}", "pool");
    rejected("{\"command\":[\"true\"],\"image\":\"python\"}", "image");
    rejected("{\"command\":[\"true\"],\"env\":{\"X\":\"" + "y".repeat(300_000) + "\"}}", "request");
    assertEquals("SUCCEEDED", hodei.ended(hodei.submit(Jobs.sh("true"))).path("state").asText());
  }

  // proves: contract:http-errors
  @Test
  void httpRefusesEachWrongRequestWithItsProblem() {
    assertEquals(400, hodei.post("/v1/jobs", "{\"command\":").status());
    Answer unknown = hodei.post("/v1/jobs", "{\"command\":[\"true\"],\"colour\":\"red\"}").is(422);
    assertEquals("colour", unknown.json().path("errors").path(0).path("field").asText(), unknown.body());
    assertEquals(422, hodei.post("/v1/jobs", "{\"command\":\"true\"}").status());
    assertEquals(422, hodei.post("/v1/jobs", "{\"command\":[\"true\"],\"timeout\":\"48h\"}").status());
    assertEquals(413, hodei.post("/v1/jobs", "{\"command\":[\"true\"],\"env\":{\"X\":\"" + "y".repeat(300_000) + "\"}}").status());
    Answer array = hodei.post("/v1/jobs", "[{\"command\":[\"true\"]},{\"command\":[]}]").is(422);
    assertEquals(1, array.json().path("errors").path(0).path("index").asInt(), array.body());
    Answer plain = hodei.send(HttpRequest.newBuilder(URI.create(hodei.url("api") + "/v1/jobs")).header("Content-Type", "text/plain")
        .POST(HttpRequest.BodyPublishers.ofString("{}")));
    assertEquals(415, plain.status());
    Answer origin = hodei.send(HttpRequest.newBuilder(URI.create(hodei.url("api") + "/v1/jobs")).header("Origin", "http://evil.example").GET());
    assertEquals(403, origin.status());
    assertEquals(404, hodei.get("/v1/jobs/nobody").status());
    assertEquals(404, hodei.get("/v1/nothing").status());
    assertTrue(hodei.get("/v1/jobs").headers().firstValue("X-Correlation-Id").isPresent());
    assertTrue(hodei.get("/v1/nothing").headers().firstValue("X-Correlation-Id").isPresent());
    assertEquals("application/problem+json", hodei.get("/v1/nothing").headers().firstValue("Content-Type").orElse(""));
  }

  private void rejected(String request, String field) {
    RecordMetadata place = topics.send("hodei.job-requests", null, request.getBytes(StandardCharsets.UTF_8));
    GenericRecord event = event("JobRejected", place);
    assertEquals(field, Topics.text(event, "field"), event.toString());
    assertTrue(!Topics.text(event, "code").isEmpty() && !Topics.text(event, "message").isEmpty());
  }

  private GenericRecord event(String type, RecordMetadata place) {
    String source = place.topic() + "-" + place.partition() + "-" + place.offset();
    return Await.until(type + " of " + source, Duration.ofSeconds(60), () -> topics.records("hodei.job-events").stream()
        .filter(event -> source.equals(Topics.text(event, "source")) && type.equals(Topics.text(event, "type"))).findFirst().orElse(null));
  }

  private void visible(String id) {
    Await.whenTrue("job " + id + " to be visible", Duration.ofSeconds(30), () -> hodei.get("/v1/jobs/" + id).status() == 200);
  }
}
