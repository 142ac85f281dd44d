package io.hodei.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.domain.JobSpec;
import io.hodei.domain.RequestHash;
import io.hodei.domain.RequestIds;
import io.hodei.domain.RequestReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class RequestLedgerTest {
  private static final String TOPIC = "hodei.job-requests";

  private final JobView jobs = new JobView(Given.codec());
  private final PoolView pools = new PoolView(Given.codec());
  private final RequestLedger ledger = new RequestLedger(new RequestDecoder(Given.codec()), pools::limits, jobs);
  private long offset;

  RequestLedgerTest() {
    pools.applied(Given.pool("default", 4));
  }

  @Test
  void aPlainProducersRequestIsVisibleAtOnceUnderTheIdOfItsPlace() {
    requested("{\"command\":[\"true\"],\"timeout\":\"90s\"}", Given.NOON);

    String id = RequestIds.of(TOPIC + "-0-0");
    assertEquals("PENDING", jobs.get(id).getState());
    assertEquals("90s", JobJson.of(jobs.get(id)).get("timeout"));
    assertEquals(Given.NOON, jobs.get(id).getSubmittedAt());
  }

  @Test
  void theFirstRequestWithAnIdHasIt() {
    requested("{\"id\":\"a\",\"command\":[\"one\"]}", Given.NOON);
    requested("{\"id\":\"a\",\"command\":[\"two\"]}", Given.NOON);

    assertEquals(List.of("one"), jobs.get("a").getCommand());
    assertEquals(hash("one"), ledger.holder(spec(Map.of("id", "a", "command", List.of("two"))), Given.NOON).hash());
  }

  @Test
  void theFirstRequestWithAKeyHasItForADay() {
    requested("{\"id\":\"a\",\"idempotencyKey\":\"k\",\"command\":[\"one\"]}", Given.NOON);
    requested("{\"id\":\"b\",\"idempotencyKey\":\"k\",\"command\":[\"one\"]}", Given.NOON.plus(Duration.ofHours(24)).minusMillis(1));
    requested("{\"id\":\"c\",\"idempotencyKey\":\"k\",\"command\":[\"one\"],\"tenant\":\"acme\"}", Given.NOON);

    assertNull(jobs.get("b"));
    assertEquals("a", holderOf("k", Given.NOON).jobId());
    assertEquals("c", ledger.holder(spec(Map.of("idempotencyKey", "k", "command", List.of("x"), "tenant", "acme")), Given.NOON).jobId());
    assertNull(holderOf("k", Given.NOON.plus(Duration.ofHours(24))));
    requested("{\"id\":\"d\",\"idempotencyKey\":\"k\",\"command\":[\"one\"]}", Given.NOON.plus(Duration.ofHours(24)));
    assertEquals("d", holderOf("k", Given.NOON.plus(Duration.ofHours(25))).jobId());
  }

  @Test
  void aRepetitionClaimsNothing() {
    requested("{\"id\":\"a\",\"command\":[\"one\"]}", Given.NOON);
    requested("{\"id\":\"a\",\"idempotencyKey\":\"k\",\"command\":[\"one\"]}", Given.NOON);

    assertNull(holderOf("k", Given.NOON));
  }

  @Test
  void aDecidedJobsOwnRequestStillClaimsItsKey() {
    jobs.decided(Given.job("a", "RUNNING").setSource(TOPIC + "-0-0").build());
    requested("{\"id\":\"a\",\"idempotencyKey\":\"k\",\"command\":[\"true\"]}", Given.NOON);

    assertEquals("a", holderOf("k", Given.NOON).jobId());
    assertEquals("RUNNING", jobs.get("a").getState());
  }

  @Test
  void whatWillBeRejectedIsNotShown() {
    for (String value : List.of("{\"id\":\"a\"}", "{\"id\":\"a\",\"command\":[\"x\"],\"pool\":\"nowhere\"}", "{\"id\":\"a\",\"command\":[\"x\"],\"image\":\"i\"}",
        "{\"id\":\"a\",\"command\":[\"x\"],\"timeout\":\"25h\"}", "{\"id\":\"a\",", "[]", "", "null", "7", "{\"id\":\"a\",\"script\":\"" + "x".repeat(256 * 1024) + "\"}", "\0\0\0\0", "{\"id\":\"a\",\"command\":[\"x\"],\"nope\":1}")) {
      requested(value, Given.NOON);
    }
    assertEquals(0, jobs.size());
  }

  @Test
  void keysAreForgottenByTheSweep() {
    requested("{\"id\":\"a\",\"idempotencyKey\":\"k\",\"command\":[\"one\"]}", Given.NOON);
    ledger.sweep(Given.NOON.plus(Duration.ofHours(25)));

    assertNull(holderOf("k", Given.NOON));
  }

  @Test
  void theAvroFormReadsAsItWasWritten() {
    JobSpec spec = spec(Map.of("id", "a", "command", List.of("x", "y"), "env", Map.of("A", "1"), "timeout", "1500ms", "priority", 3,
        "retry", Map.of("maxAttempts", 2, "onExitCodes", List.of(3)), "resources", Map.of("gpu", 1), "providerConfig", Map.of("b", 1, "a", List.of()),
        "labels", Map.of("l", "v")));

    var reading = RequestReader.read(RequestAvro.fields(RequestAvro.write(spec)));

    assertTrue(reading.violations().isEmpty(), reading.violations().toString());
    assertEquals(spec, reading.spec());
    assertEquals(RequestHash.of(spec), RequestHash.of(reading.spec()));
  }

  private RequestLedger.Claim holderOf(String key, Instant now) {
    return ledger.holder(spec(Map.of("idempotencyKey", key, "command", List.of("x"))), now);
  }

  private void requested(String json, Instant at) {
    ledger.handle(new ConsumerRecord<>(TOPIC, 0, offset++, at.toEpochMilli(), TimestampType.CREATE_TIME, 0, 0, null,
        json.getBytes(StandardCharsets.UTF_8), new RecordHeaders(), Optional.empty()));
  }

  private static String hash(String program) {
    return RequestHash.of(spec(Map.of("command", List.of(program))));
  }

  private static JobSpec spec(Map<String, ?> fields) {
    return RequestReader.read(fields).spec();
  }
}
