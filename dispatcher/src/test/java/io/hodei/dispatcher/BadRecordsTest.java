package io.hodei.dispatcher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.schemas.ControlCommand;
import io.hodei.schemas.JobEvent;
import io.hodei.schemas.JobRequest;
import io.hodei.schemas.Topic;
import io.hodei.schemas.WorkerReport;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The three baskets of errors: what cannot be read, what is refused, what is our own defect. After each the next record is served.
// proves: contract:topic-dead-letters
// proves: seed:gap-dead-letters
class BadRecordsTest {
  private final Driven dispatcher = new Driven();

  @AfterEach
  void close() {
    dispatcher.close();
  }

  private void theNextRequestWorks() {
    int before = dispatcher.jobEvents().size();
    dispatcher.request("{\"id\":\"next\",\"command\":[\"true\"]}");
    assertEquals("JobSubmitted", dispatcher.jobEvents().get(before).getType());
  }

  @ParameterizedTest(name = "{index}")
  @ValueSource(strings = {"hello", "{", "[]", "\"text\"", "null", "{\"command\":[\"true\"]} trailing", "", "\u0000", "\u0000\u0000\u0000\u0000\u0063xyz"})
  void whatIsNeitherAvroNorAnObjectGoesToTheDeadLetters(String value) {
    dispatcher.request(value);
    TestRecord<String, byte[]> letter = dispatcher.deadLetters().getFirst();
    assertEquals("hodei.job-requests-0-0", letter.key());
    assertArrayEquals(value.getBytes(StandardCharsets.UTF_8), letter.value());
    assertTrue(Driven.reasonOf(letter).startsWith("Expected "), Driven.reasonOf(letter));
    assertEquals("key", new String(letter.headers().lastHeader("hodei.original-key").value(), StandardCharsets.UTF_8));
    assertEquals(0, dispatcher.jobEvents().size());
    theNextRequestWorks();
  }

  @Test
  void aNullValueGoesToTheDeadLetters() {
    dispatcher.put(Topic.JOB_REQUESTS, (byte[]) null);
    dispatcher.put(Topic.CONTROL, (byte[]) null);
    dispatcher.put(Topic.WORKER_REPORTS, (byte[]) null);
    assertEquals(3, dispatcher.deadLetters().size());
    theNextRequestWorks();
  }

  @Test
  void aRecordOfAnotherTopicsSchemaGoesToTheDeadLetters() {
    dispatcher.put(Topic.JOB_REQUESTS, dispatcher.codec.bytes(Topic.CONTROL, ControlCommand.newBuilder().setType("CancelJob").build()));
    assertEquals(1, dispatcher.deadLetters().size());
    theNextRequestWorks();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "{\"command\":[\"true\"],\"comand\":1}|comand|unknown-field",
      "{\"command\":[\"true\"],\"retryOf\":\"another\"}|retryOf|unknown-field",
      "{\"command\":\"true\"}|command|wrong-type",
      "{}|command|missing",
      "{\"command\":[\"true\"],\"image\":\"busybox\"}|image|unsupported",
      "{\"command\":[\"true\"],\"pool\":\"gpu\"}|pool|unknown-pool",
      "{\"command\":[\"true\"],\"secrets\":[\"S\"]}|secrets|not-built",
      "{\"command\":[\"true\"],\"timeout\":\"25h\"}|timeout|out-of-range",
  })
  void whatIsReadAndInvalidIsRejectedByName(String request, String field, String code) {
    dispatcher.request(request);
    JobEvent rejected = dispatcher.jobEvents().getFirst();
    assertEquals("JobRejected", rejected.getType());
    assertEquals(field, rejected.getField());
    assertEquals(code, rejected.getCode());
    assertTrue(rejected.getMessage().startsWith("Expected "), rejected.getMessage());
    assertEquals("hodei.job-requests-0-0", rejected.getSource());
    assertEquals("REFUSED", rejected.getReason());
    assertEquals(0, dispatcher.deadLetters().size());
    theNextRequestWorks();
  }

  @Test
  void whatIsTooLargeIsRejected() {
    dispatcher.request("{\"command\":[\"echo\",\"" + "x".repeat(RequestReading.LIMIT) + "\"]}");
    JobEvent rejected = dispatcher.jobEvents().getFirst();
    assertEquals("JobRejected", rejected.getType());
    assertTrue(rejected.getMessage().contains("262144 bytes"), rejected.getMessage());
    theNextRequestWorks();
  }

  @Test
  void anInvalidAvroRequestIsRejectedLikeJson() {
    dispatcher.put(Topic.JOB_REQUESTS, JobRequest.newBuilder().setCommand(List.of("true")).setScript("true").build());
    assertEquals("JobRejected", dispatcher.jobEvents().getFirst().getType());
    assertEquals("script", dispatcher.jobEvents().getFirst().getField());
    theNextRequestWorks();
  }

  @Test
  void aConfigurationThatIsNoJsonIsRejectedAndNoDeadLetter() {
    dispatcher.put(Topic.JOB_REQUESTS, JobRequest.newBuilder().setCommand(List.of("true")).setProviderConfig("{not json").build());
    assertEquals("JobRejected", dispatcher.jobEvents().getFirst().getType());
    assertEquals("providerConfig", dispatcher.jobEvents().getFirst().getField());
    assertEquals(0, dispatcher.deadLetters().size());
    theNextRequestWorks();
  }

  @Test
  void anUnknownTypeOnTheInternalTopicsGoesToTheDeadLetters() {
    dispatcher.tell(dispatcher.report("Nonsense", "w"));
    dispatcher.put(Topic.CONTROL, ControlCommand.newBuilder().setType("Nonsense").build());
    dispatcher.tell(dispatcher.report("TokenDrawn", null));
    dispatcher.tell(dispatcher.report("Ended", "w").setBootId("b").setJobId("j").setEpoch(1L).setAttempt(1).setReason("NO_SUCH_REASON"));
    assertEquals(4, dispatcher.deadLetters().size());
    assertEquals("hodei.worker-reports-0-1", dispatcher.deadLetters().getFirst().key());
    assertTrue(Driven.reasonOf(dispatcher.deadLetters().getLast()).contains("NO_SUCH_REASON"));
    theNextRequestWorks();
  }

  /// An exit without its code would be a failure that nobody can read.
  @Test
  void anExitWithoutItsCodeGoesToTheDeadLetters() {
    dispatcher.tell(dispatcher.report("Ended", "w").setBootId("b").setJobId("j").setEpoch(1L).setAttempt(1).setReason("EXIT_CODE"));
    assertTrue(Driven.reasonOf(dispatcher.deadLetters().getFirst()).contains("exitCode"), Driven.reasonOf(dispatcher.deadLetters().getFirst()));
    theNextRequestWorks();
  }

  @Test
  void aDecisionThatThrowsLeavesTheStateUntouched() {
    dispatcher.request("{\"id\":\"j\",\"command\":[\"true\"]}");
    dispatcher.made(dispatcher.worker(0));
    var before = dispatcher.counts();
    dispatcher.clock.breakOnce();
    dispatcher.called(dispatcher.worker(0));
    assertTrue(Driven.reasonOf(dispatcher.deadLetters().getFirst()).startsWith("BUG "), Driven.reasonOf(dispatcher.deadLetters().getFirst()));
    before.put("hodei.dead-letters", 1);
    assertEquals(before, dispatcher.counts());
    dispatcher.called(dispatcher.worker(0));
    assertEquals("JobAssigned", dispatcher.jobEvents().getLast().getType());
  }

  /// Random bytes, and requests with random bytes changed, on every input: whatever comes, the dispatcher goes on.
  @Test
  void noBytesStopTheDispatcher() {
    byte[] json = "{\"id\":\"j\",\"command\":[\"sh\",\"-c\",\"x\"],\"env\":{\"A\":\"b\"},\"retry\":{\"maxAttempts\":2}}".getBytes(StandardCharsets.UTF_8);
    byte[] avro = dispatcher.codec.bytes(Topic.JOB_REQUESTS, JobRequest.newBuilder().setId("a").setCommand(List.of("true")).setLabels(java.util.Map.of("k", "v")).build());
    byte[] fact = dispatcher.codec.bytes(Topic.WORKER_REPORTS, WorkerReport.newBuilder().setType("Connected").setWorkerId("w").setBootId("b").build());
    byte[] wish = dispatcher.codec.bytes(Topic.CONTROL, ControlCommand.newBuilder().setType("CancelJob").setJobId("j").build());
    for (long seed = 1; seed <= 3000; seed++) {
      Random random = new Random(seed);
      Topic topic = List.of(Topic.JOB_REQUESTS, Topic.CONTROL, Topic.WORKER_REPORTS).get(random.nextInt(3));
      byte[] value = List.of(json, avro, fact, wish).get(random.nextInt(4)).clone();
      for (int change = random.nextInt(4); change >= 0; change--) {
        value[random.nextInt(value.length)] = (byte) random.nextInt(256);
      }
      try {
        dispatcher.put(topic, value);
      } catch (RuntimeException e) {
        throw new AssertionError("Expected the dispatcher to go on after random bytes on " + topic + ", but with seed " + seed + ": " + e, e);
      }
    }
    theNextRequestWorks();
  }
}
