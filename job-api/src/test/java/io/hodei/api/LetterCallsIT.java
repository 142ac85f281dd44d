package io.hodei.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.hodei.domain.RequestIds;
import io.hodei.kit.DeadLetters;
import io.hodei.kit.Json;
import io.hodei.kit.KafkaClients;
import io.hodei.kit.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The calls on dead letters, by two job-apis over one real broker.
// proves: contract:http-dead-letters
@Timeout(120)
class LetterCallsIT {
  private static final String LETTERS = "hodei.dead-letters";
  private static final String REQUESTS = "hodei.job-requests";

  @TempDir
  static Path directory;

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static Backends backends;
  private static KafkaClients clients;
  private static KafkaProducer<byte[], byte[]> producer;
  private static DeadLetters writer;
  private static StandInDispatcher dispatcher;
  private static JobApiService service;
  private static JobApiService other;
  private static int next = 1_000_000;

  @BeforeAll
  static void start() throws Exception {
    backends = new Backends(directory);
    Settings settings = Settings.of(Map.of("hodei.kafka.bootstrap-servers", backends.bootstrap(), "hodei.registry.url", backends.registryUrl(),
        "hodei.api.port", "0"));
    service = JobApiService.start(settings);
    other = JobApiService.start(settings);
    clients = new KafkaClients(settings, "test");
    producer = new KafkaProducer<>(clients.producerConfig("letters"), new ByteArraySerializer(), new ByteArraySerializer());
    writer = new DeadLetters(settings, "dispatcher", new SimpleMeterRegistry());
    dispatcher = new StandInDispatcher(settings);
    dispatcher.pool();
    for (JobApiService each : List.of(service, other)) {
      await("ready", () -> get(each, "/health/ready").statusCode() == 200);
    }
  }

  @AfterAll
  static void stop() {
    other.close();
    service.close();
    dispatcher.close();
    producer.close();
    backends.close();
  }

  @Test
  void aLetterIsShownAsItIs() throws Exception {
    String id = letter(REQUESTS, "a key".getBytes(StandardCharsets.UTF_8), "{not json é".getBytes(StandardCharsets.UTF_8), "Expected JSON.");
    JsonNode shown = json(200, get("/v1/dead-letters/" + id));
    assertEquals(id, shown.get("id").asText());
    assertEquals(REQUESTS, shown.get("topic").asText());
    assertEquals(0, shown.get("partition").asInt());
    assertEquals(id, REQUESTS + "-0-" + shown.get("offset").asText());
    assertEquals("Expected JSON.", shown.get("reason").asText());
    assertEquals("dispatcher", shown.get("service").asText());
    assertEquals("a key", shown.get("key").asText());
    assertEquals("{not json é", shown.get("text").asText());
    assertTrue(shown.get("base64").isNull() && shown.get("keyBase64").isNull());
    assertEquals(12, shown.get("size").asInt());
    assertFalse(shown.get("truncated").asBoolean());
    assertTrue(shown.get("replayable").asBoolean());
    assertTrue(shown.get("at").asText().endsWith("Z"));
    assertEquals(shown, json(200, get("/v1/dead-letters?limit=1000&topic=" + REQUESTS)).get("items").valueStream()
        .filter(item -> item.get("id").asText().equals(id)).findFirst().orElseThrow());
  }

  @Test
  void bytesAndHeadersThatAreNoTextAreShownAndReplayedAsTheyAre() throws Exception {
    byte[] key = {(byte) 0xC3, 0x28, 0};
    byte[] value = {0, 0, 0, 0, 99, (byte) 0xFF, (byte) 0xFE};
    String id = REQUESTS + "-0-" + next++;
    var record = new ProducerRecord<>(LETTERS, id.getBytes(StandardCharsets.UTF_8), value);
    record.headers().add(DeadLetters.REASON, new byte[] {(byte) 0x80, 'x', '\n'}).add(DeadLetters.ORIGINAL_KEY, key)
        .add(DeadLetters.ORIGINAL_SIZE, "many".getBytes(StandardCharsets.UTF_8)).add(DeadLetters.SERVICE, null).add("other", new byte[1000]);
    producer.send(record).get();
    seen(id);
    JsonNode shown = json(200, get("/v1/dead-letters/" + id));
    assertEquals("\uFFFDx\n", shown.get("reason").asText());
    assertArrayEquals(key, Base64.getDecoder().decode(shown.get("keyBase64").asText()));
    assertArrayEquals(value, Base64.getDecoder().decode(shown.get("base64").asText()));
    assertTrue(shown.get("key").isNull() && shown.get("text").isNull() && shown.get("service").isNull());
    assertEquals(7, shown.get("size").asInt());
    JsonNode replayed = json(202, post("/v1/dead-letters/" + id + "/replay"));
    assertTrue(replayed.get("jobId").isNull());
    ConsumerRecord<byte[], byte[]> again = at(replayed.get("replayedAs").asText());
    assertArrayEquals(key, again.key());
    assertArrayEquals(value, again.value());
  }

  @Test
  void aLongLetterIsCutInTheListAndWholeOnItsOwn() throws Exception {
    String text = "é".repeat(900_000);
    String id = letter(REQUESTS, "k".repeat(5000).getBytes(StandardCharsets.UTF_8), text.getBytes(StandardCharsets.UTF_8), "r".repeat(3000));
    JsonNode item = item(id);
    assertEquals("é".repeat(128), item.get("text").asText());
    assertEquals(256, item.get("key").asText().length());
    assertEquals(1001, item.get("reason").asText().length());
    assertEquals(1_800_000, item.get("size").asInt());
    assertTrue(item.get("truncated").asBoolean());
    JsonNode whole = json(200, get("/v1/dead-letters/" + id));
    assertEquals(text, whole.get("text").asText());
    assertEquals(5000, whole.get("key").asText().length());
    assertEquals(3000, whole.get("reason").asText().length());
    assertFalse(whole.get("truncated").asBoolean());
    assertArrayEquals(text.getBytes(StandardCharsets.UTF_8), at(json(202, post("/v1/dead-letters/" + id + "/replay")).get("replayedAs").asText()).value());
  }

  @Test
  void aLetterThatWasTooLargeToKeepIsNotReplayed() throws Exception {
    String id = letter(REQUESTS, null, new byte[3 * 1024 * 1024], "too large");
    JsonNode shown = json(200, get("/v1/dead-letters/" + id));
    assertEquals(3 * 1024 * 1024, shown.get("size").asInt());
    assertTrue(shown.get("text").isNull() && shown.get("base64").asText().length() > 2_000_000);
    assertTrue(shown.get("truncated").asBoolean() && !shown.get("replayable").asBoolean());
    assertTrue(json(409, post("/v1/dead-letters/" + id + "/replay")).get("detail").asText().contains("only the beginning was kept"));
    assertEquals(200, delete("/v1/dead-letters/" + id).statusCode());
  }

  @Test
  void aReplayIsANewRequestAndTheLetterIsGone() throws Exception {
    byte[] request = "{\"command\":[\"true\"]}".getBytes(StandardCharsets.UTF_8);
    String id = letter(REQUESTS, "k".getBytes(StandardCharsets.UTF_8), request, "the pool was not there");
    HttpResponse<String> answer = send(request(service, "/v1/dead-letters/" + id + "/replay").header("Content-Type", "application/json").header("X-Actor", "ana")
        .header("X-Correlation-Id", "c-1").POST(HttpRequest.BodyPublishers.ofString("{\"reason\":\"mended\"}")));
    JsonNode replayed = json(202, answer);
    String place = replayed.get("replayedAs").asText();
    assertEquals(RequestIds.of(place), replayed.get("jobId").asText());
    ConsumerRecord<byte[], byte[]> again = at(place);
    assertArrayEquals(request, again.value());
    assertEquals("k", new String(again.key(), StandardCharsets.UTF_8));
    assertEquals(id, new String(again.headers().lastHeader("hodei.replay-of").value(), StandardCharsets.UTF_8));
    ConsumerRecord<byte[], byte[]> tombstone = at(replayed.get("tombstone").asText());
    assertNull(tombstone.value());
    assertEquals("ana", new String(tombstone.headers().lastHeader("hodei.actor").value(), StandardCharsets.UTF_8));
    for (JobApiService each : List.of(service, other)) {
      assertEquals(404, post(each, "/v1/dead-letters/" + id + "/replay").statusCode());
      await("no letter", () -> get(each, "/v1/dead-letters/" + id).statusCode() == 404);
    }
    await("the job", () -> get(service, "/v1/jobs/" + replayed.get("jobId").asText()).statusCode() == 200);
  }

  @Test
  void ofManyReplaysAtTwoServersExactlyOneWins() throws Exception {
    for (int round = 0; round < 5; round++) {
      byte[] request = ("{\"id\":\"race-" + round + "\",\"command\":[\"true\"]}").getBytes(StandardCharsets.UTF_8);
      String id = letter(REQUESTS, null, request, "raced");
      await("the letter at the other", () -> get(other, "/v1/dead-letters/" + id).statusCode() == 200);
      List<Integer> answers = new ArrayList<>();
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Callable<HttpResponse<String>>> calls = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          JobApiService at = i % 2 == 0 ? service : other;
          calls.add(() -> post(at, "/v1/dead-letters/" + id + "/replay"));
        }
        for (Future<HttpResponse<String>> call : threads.invokeAll(calls)) {
          answers.add(call.get().statusCode());
        }
      }
      assertTrue(answers.stream().filter(status -> status == 202).count() <= 1, answers.toString());
      assertTrue(answers.stream().allMatch(status -> Set.of(202, 404, 503).contains(status)), answers.toString());
      System.out.println("8 replays at two job-apis: " + answers);
      // Servers that fence each other off may all answer 503: whoever repeats the call brings it about, and nobody twice.
      await("a repeated call to be done", () -> List.of(202, 404).contains(post(other, "/v1/dead-letters/" + id + "/replay").statusCode()));
      await("the request", () -> count(request) > 0);
      letter("hodei.after-the-race", null, new byte[1], "written later than all of them");
      assertEquals(1, count(request), answers.toString());
    }
  }

  @Test
  void onlyJobRequestsAreReplayedAndAllAreDropped() throws Exception {
    String id = letter("hodei.control", null, "x".getBytes(StandardCharsets.UTF_8), "Expected a command.");
    long before = requests().size();
    JsonNode refused = json(409, post("/v1/dead-letters/" + id + "/replay"));
    assertEquals("urn:hodei:problem:conflict", refused.get("type").asText());
    assertTrue(refused.get("detail").asText().contains("only job requests can be replayed"), refused.toString());
    assertEquals(before, requests().size());
    assertFalse(item(id).get("replayable").asBoolean());
    JsonNode dropped = json(200, delete("/v1/dead-letters/" + id));
    assertNull(at(dropped.get("tombstone").asText()).value());
    assertEquals(404, delete("/v1/dead-letters/" + id).statusCode());
    assertEquals(404, get("/v1/dead-letters/" + id).statusCode());
    seen(letterAt(id, "it is back".getBytes(StandardCharsets.UTF_8)));
    assertEquals("it is back", json(200, get("/v1/dead-letters/" + id)).get("text").asText());
  }

  @Test
  void aThousandLettersArePagedNewestFirst() throws Exception {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      ids.add("hodei.paged-0-" + i);
      producer.send(new ProducerRecord<>(LETTERS, ids.getLast().getBytes(StandardCharsets.UTF_8), ("letter " + i).getBytes(StandardCharsets.UTF_8)));
    }
    producer.flush();
    seen(ids.getLast());
    List<JsonNode> found = new ArrayList<>();
    String path = "/v1/dead-letters?topic=hodei.paged&limit=64";
    String cursor = "";
    while (cursor != null) {
      JsonNode page = json(200, get(path + (cursor.isEmpty() ? "" : "&cursor=" + cursor)));
      assertTrue(page.get("items").size() <= 64);
      page.get("items").forEach(found::add);
      cursor = page.get("nextCursor").isNull() ? null : page.get("nextCursor").asText();
      if (found.size() == 64) {
        letter("hodei.paged-later", null, new byte[1], "came while paging");
        assertEquals(200, delete("/v1/dead-letters/" + found.getLast().get("id").asText()).statusCode());
      }
    }
    assertEquals(new HashSet<>(ids), new HashSet<>(found.stream().map(item -> item.get("id").asText()).toList()));
    assertEquals(1000, found.size());
    for (int i = 1; i < found.size(); i++) {
      assertTrue(found.get(i - 1).get("at").asText().compareTo(found.get(i).get("at").asText()) >= 0);
    }
    assertEquals(999, json(200, get("/v1/dead-letters?topic=hodei.paged&limit=1000")).get("items").size());
    assertFalse(json(200, get("/v1/dead-letters")).get("olderOmitted").asBoolean());
  }

  @Test
  void whatIsNoLetterIsRefused() throws Exception {
    for (String bad : List.of("x", "hodei.job-requests-0", "hodei.job-requests-0-x", "-0-1", "t-0-99999999999999999999", "a%20b-0-1", "t%0A-0-1",
        "t-0-1%00", "x".repeat(300) + "-0-1", "%2E%2E-x")) {
      assertEquals("urn:hodei:problem:bad-id", json(400, get("/v1/dead-letters/" + bad)).get("type").asText(), bad);
      assertEquals(400, post("/v1/dead-letters/" + bad + "/replay").statusCode(), bad);
      assertEquals(400, delete("/v1/dead-letters/" + bad).statusCode(), bad);
    }
    for (String verb : List.of("", "/replay")) {
      String unknown = "/v1/dead-letters/hodei.job-requests-0-424242" + verb;
      assertEquals("urn:hodei:problem:not-found", json(404, verb.isEmpty() ? delete(unknown) : post(unknown)).get("type").asText());
    }
    assertEquals(404, get("/v1/dead-letters/hodei.job-requests-0-424242").statusCode());
    assertEquals(400, get("/v1/dead-letters?limit=0").statusCode());
    assertEquals(400, get("/v1/dead-letters?cursor=x").statusCode());
    assertEquals(400, get("/v1/dead-letters?reason=x").statusCode());
    assertEquals(405, post("/v1/dead-letters").statusCode());
    String id = letter(REQUESTS, null, "x".getBytes(StandardCharsets.UTF_8), "r");
    HttpResponse<String> body = send(request(service, "/v1/dead-letters/" + id + "/replay").header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString("{\"all\":true}")));
    assertEquals(422, body.statusCode(), body.body());
    producer.send(new ProducerRecord<>(LETTERS, "no id".getBytes(StandardCharsets.UTF_8), new byte[1])).get();
    producer.send(new ProducerRecord<>(LETTERS, new byte[] {(byte) 0xFF}, new byte[1])).get();
    seen(letter(REQUESTS, null, "y".getBytes(StandardCharsets.UTF_8), "after records that are no letters"));
  }

  @Test
  void whatOnlyWeReadBecomesALetterOfOurs() throws Exception {
    for (String topic : List.of("hodei.job-state", "hodei.pools")) {
      var place = producer.send(new ProducerRecord<>(topic, "p".getBytes(StandardCharsets.UTF_8), "poison".getBytes(StandardCharsets.UTF_8))).get();
      String id = topic + "-" + place.partition() + "-" + place.offset();
      seen(id);
      JsonNode shown = json(200, get("/v1/dead-letters/" + id));
      assertEquals("job-api", shown.get("service").asText());
      assertEquals("poison", shown.get("text").asText());
      assertTrue(shown.get("reason").asText().startsWith("Expected framed Avro"), shown.toString());
    }
    assertTrue(get("/metrics").body().lines().anyMatch(line -> line.startsWith("hodei_dead_letters_total") && !line.endsWith(" 0.0")));
  }

  private static String letter(String topic, byte[] key, byte[] value, String reason) throws Exception {
    String id = topic + "-0-" + next++;
    var record = new ProducerRecord<>(LETTERS, null, id.getBytes(StandardCharsets.UTF_8), DeadLetters.kept(value), writer.headers(key, value, reason));
    producer.send(record).get();
    seen(id);
    return id;
  }

  private static String letterAt(String id, byte[] value) throws Exception {
    producer.send(new ProducerRecord<>(LETTERS, id.getBytes(StandardCharsets.UTF_8), value)).get();
    return id;
  }

  private static void seen(String id) throws Exception {
    await("the letter " + id, () -> get("/v1/dead-letters/" + id).statusCode() == 200);
  }

  private static JsonNode item(String id) throws Exception {
    return json(200, get("/v1/dead-letters?limit=1000")).get("items").valueStream().filter(each -> each.get("id").asText().equals(id)).findFirst().orElseThrow();
  }

  /// The record at `place`, as soon as its transaction's marker lets readers see it.
  private static ConsumerRecord<byte[], byte[]> at(String place) throws Exception {
    int offset = place.lastIndexOf('-');
    int partition = place.lastIndexOf('-', offset - 1);
    long wanted = Long.parseLong(place.substring(offset + 1));
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    await("a record at " + place, () -> records(place.substring(0, partition)).stream().filter(record -> record.offset() == wanted).anyMatch(found::add));
    return found.getFirst();
  }

  private static long count(byte[] request) {
    return requests().stream().filter(record -> java.util.Arrays.equals(request, record.value())).count();
  }

  private static List<ConsumerRecord<byte[], byte[]>> requests() {
    return records(REQUESTS);
  }

  /// All that is committed on `topic`.
  private static List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    TopicPartition partition = new TopicPartition(topic, 0);
    Map<String, Object> config = clients.common("reader");
    config.put("isolation.level", "read_committed");
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        consumer.poll(Duration.ofMillis(100)).forEach(found::add);
      }
    }
    return found;
  }

  private static void await(String what, Callable<Boolean> look) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!look.call()) {
      assertTrue(System.nanoTime() < deadline, what);
      Thread.sleep(20);
    }
  }

  private static JsonNode json(int status, HttpResponse<String> answer) throws Exception {
    assertEquals(status, answer.statusCode(), answer.body());
    return Json.MAPPER.readTree(answer.body());
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return get(service, path);
  }

  private static HttpResponse<String> get(JobApiService at, String path) throws Exception {
    return send(request(at, path).GET());
  }

  private static HttpResponse<String> post(String path) throws Exception {
    return post(service, path);
  }

  private static HttpResponse<String> post(JobApiService at, String path) throws Exception {
    return send(request(at, path).header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString("{}")));
  }

  private static HttpResponse<String> delete(String path) throws Exception {
    return send(request(service, path).DELETE());
  }

  private static HttpRequest.Builder request(JobApiService at, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + at.port() + path));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
