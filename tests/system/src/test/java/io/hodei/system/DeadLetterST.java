package io.hodei.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hodei.testkit.Answer;
import io.hodei.testkit.Await;
import io.hodei.testkit.Installation;
import io.hodei.testkit.Topics;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Records that nobody can read, on every topic that somebody reads: each becomes a letter, nobody stops, and people deal with it by
/// `hodei dlq` and over HTTP. On an installation of its own, as the others read these topics too.
@Timeout(400)
class DeadLetterST {
  private static final Duration GUARD = Duration.ofSeconds(60);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /// Who writes the letter of a record of each topic.
  private static final Map<String, String> READERS = new LinkedHashMap<>();

  static {
    for (String topic : List.of("job-requests", "control", "worker-reports")) {
      READERS.put(topic, "dispatcher");
    }
    READERS.put("worker-commands", "lifecycle-service");
    READERS.put("worker-inventory", "gc-service");
    READERS.put("worker-state", "gc-service");
    for (String topic : List.of("job-events", "worker-events", "gc-events")) {
      READERS.put(topic, "audit-service");
    }
    READERS.put("job-state", "job-api");
    READERS.put("pools", "job-api");
  }

  private static Installation hodei;
  private static Topics topics;

  @BeforeAll
  static void start() {
    hodei = Installation.start(false);
    topics = Topics.of(hodei);
  }

  @AfterAll
  static void stop() {
    if (hodei != null) {
      hodei.close();
    }
  }

  // proves: contract:topic-dead-letters, contract:http-dead-letters, contract:dlq
  @Test
  void poisonOnEveryTopicIsALetterAndNobodyStops() {
    JsonNode before = hodei.status();
    Map<String, String> letters = new LinkedHashMap<>();
    READERS.forEach((topic, reader) -> {
      letters.put(id(topics.send("hodei." + topic, "poison", "no record".getBytes(StandardCharsets.UTF_8))), reader);
      letters.put(id(topics.send("hodei." + topic, "poison", new byte[] {0, 0x7F, 0, 0, 1, 2})), reader);
    });
    // Copies of schemas, read at the start only, and the letters themselves: nothing to be done about them, and nothing may come of it.
    topics.send("hodei.schemas", "poison", "no copy".getBytes(StandardCharsets.UTF_8));
    topics.send("hodei.dead-letters", "poison", "no letter".getBytes(StandardCharsets.UTF_8));

    letters.forEach((id, reader) -> {
      JsonNode letter = shown(id);
      assertEquals(reader, letter.path("service").asText(), letter.toString());
      assertTrue(letter.path("reason").asText().length() > 10, letter.toString());
      assertEquals("poison", letter.path("key").asText());
      assertEquals(id.startsWith("hodei.job-requests-"), letter.path("replayable").asBoolean(), letter.toString());
    });
    assertEquals("SUCCEEDED", hodei.ended(hodei.submit(Jobs.sh("true"))).path("state").asText());
    assertEquals(before, hodei.status(), "the same processes");

    letters.keySet().stream().filter(id -> !id.startsWith("hodei.job-requests-"))
        .forEach(id -> assertEquals(409, hodei.post("/v1/dead-letters/" + id + "/replay", "{}").status(), id));
    String listed = hodei.cli("dlq", "list").exits(0).out();
    letters.keySet().forEach(id -> assertTrue(listed.contains(id), id + " is not in\n" + listed));
    letters.keySet().forEach(id -> hodei.cli("dlq", "drop", id).exits(0));
    letters.keySet().forEach(id -> assertEquals(404, hodei.get("/v1/dead-letters/" + id).status(), id));
  }

  // proves: contract:dlq, contract:http-dead-letters
  @Test
  void aRequestWhoseSchemaCameLateRunsWhenItIsReplayed() throws Exception {
    Schema newer = newerRequest();
    int last = register("probe-value", new Schema.Parser().parse("{\"type\":\"record\",\"name\":\"Probe\",\"fields\":[]}"));
    byte[] request = framed(newer, last + 1, "late", List.of("sh", "-c", "echo better late"));
    String id = id(topics.send("hodei.job-requests", "k", request));
    JsonNode letter = shown(id);
    assertTrue(letter.path("reason").asText().contains("schema"), letter.toString());

    // Too early: it is a letter again, of another place.
    Answer early = hodei.post("/v1/dead-letters/" + id + "/replay", "{}").is(202);
    assertTrue(early.json().path("jobId").isNull(), early.body());
    assertEquals(404, hodei.get("/v1/dead-letters/" + id).status());
    String again = early.json().path("replayedAs").asText();
    shown(again);

    assertEquals(last + 1, register("hodei.job-requests-value", newer));
    String job = MAPPER.readTree(hodei.cli("dlq", "replay", again, "-o", "json").exits(0).out()).path("jobId").asText();
    Await.whenTrue("job " + job + " to be visible", GUARD, () -> hodei.get("/v1/jobs/" + job).status() == 200);
    assertEquals("SUCCEEDED", hodei.ended(job).path("state").asText());
    assertEquals("better late\n", hodei.get("/v1/jobs/" + job + "/logs?format=text").body());
    assertTrue(hodei.cli("dlq", "replay", again).exit() != 0);
    assertEquals(404, hodei.post("/v1/dead-letters/" + again + "/replay", "{}").status());
    assertEquals(1, topics.raw("hodei.job-requests").stream()
        .filter(record -> record.headers().lastHeader("hodei.replay-of") != null
            && again.equals(new String(record.headers().lastHeader("hodei.replay-of").value(), StandardCharsets.UTF_8))).count());
  }

  private static JsonNode shown(String id) {
    return Await.until("the dead letter " + id, GUARD, () -> {
      Answer answer = hodei.get("/v1/dead-letters/" + id);
      return answer.status() == 200 ? answer.json() : null;
    });
  }

  private static String id(RecordMetadata place) {
    return place.topic() + "-" + place.partition() + "-" + place.offset();
  }

  /// The schema of requests with a field more, as a later version of a producer has it.
  private static Schema newerRequest() throws Exception {
    ObjectNode schema = (ObjectNode) MAPPER.readTree(hodei.send(HttpRequest.newBuilder(
        registry("/subjects/hodei.job-requests-value/versions/latest")).GET()).json().path("schema").asText());
    schema.withArray("fields").addObject().put("name", "note").putNull("default").putArray("type").add("null").add("string");
    return new Schema.Parser().parse(schema.toString());
  }

  private static byte[] framed(Schema schema, int id, String note, List<String> command) throws Exception {
    GenericRecord record = new GenericRecordBuilder(schema).set("command", command).set("note", note).build();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  private static int register(String subject, Schema schema) {
    String body = MAPPER.createObjectNode().put("schema", schema.toString()).put("schemaType", "AVRO").toString();
    return hodei.send(HttpRequest.newBuilder(registry("/subjects/" + subject + "/versions"))
        .header("Content-Type", "application/vnd.schemaregistry.v1+json").POST(HttpRequest.BodyPublishers.ofString(body))).is(200).json().path("id").asInt();
  }

  private static URI registry(String path) {
    String url = hodei.url("registry");
    return URI.create((url.contains("/apis/ccompat") ? url : url + "/apis/ccompat/v7") + path);
  }
}
