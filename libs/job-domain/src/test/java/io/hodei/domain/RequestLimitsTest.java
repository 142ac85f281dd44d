package io.hodei.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What is just allowed and what is just not, and what is taken for a field that was refused.
class RequestLimitsTest {
  private static List<String> found(Map<String, ?> fields) {
    return RequestReader.read(fields).violations().stream().map(each -> each.code() + " " + each.field()).toList();
  }

  private static Map<String, Object> with(String name, Object value) {
    return Map.of("command", List.of("true"), name, value);
  }

  private static void takes(String name, Object value) {
    assertEquals(List.of(), found(with(name, value)), name);
  }

  private static void refuses(String name, Object value, String how) {
    assertEquals(List.of(how), found(with(name, value)), name);
  }

  private static Map<String, String> labels(int count) {
    Map<String, String> labels = new HashMap<>();
    for (int i = 0; i < count; i++) {
      labels.put("l" + i, "x");
    }
    return labels;
  }

  @Test
  void theLimitItselfIsAllowed() {
    takes("workdir", "/" + "x".repeat(3_999));
    refuses("workdir", "/" + "x".repeat(4_000), "bad-value workdir");
    takes("labels", labels(64));
    takes("labels", Map.of("a", "x".repeat(255)));
    takes("idempotencyKey", "k".repeat(255));
    takes("correlationId", "c".repeat(255));
    refuses("correlationId", "c".repeat(256), "bad-value correlationId");
    takes("timeout", "100ms");
    takes("timeout", "8760h");
    takes("priority", -1_000);
    takes("priority", 1_000);
    takes("retry", Map.of("backoff", "1m", "maxBackoff", "1m"));
    takes("retry", Map.of("maxAttempts", 100, "onExitCodes", List.of(1, 255)));
  }

  @Test
  void aCorrelationIdIsVisibleAscii() {
    assertTrue(RequestReader.isCorrelationId("!~"));
    assertFalse(RequestReader.isCorrelationId("a b"));
    assertFalse(RequestReader.isCorrelationId("a\u007f"));
    assertFalse(RequestReader.isCorrelationId(""));
  }

  @Test
  void halvesOfPairsAndNulAreNoTextWhereverTheyStand() {
    refuses("workdir", "\0", "bad-value workdir");
    refuses("name", "\0", "bad-value name");
    refuses("name", "\ud800", "bad-value name");
    refuses("name", "\udfff", "bad-value name");
    takes("name", "\ud7ff\ue000");
  }

  @Test
  void whatIsRefusedCountsAsAbsent() {
    refuses("workdir", 5, "wrong-type workdir");
    refuses("labels", "x", "wrong-type labels");
    JobSpec named = RequestReader.read(with("id", "-a")).spec();
    assertNull(named.id());
    RetryPolicy retry = RequestReader.read(with("retry", Map.of("maxAttempts", "3", "onExitCodes", List.of("x", 0, 7), "backoff", "9d"))).spec().retry();
    assertEquals(new RetryPolicy(1, RetryPolicy.NONE.backoff(), RetryPolicy.NONE.maxBackoff(), List.of(7), List.of()), retry);
    PoolPolicy pool = PoolReader.read("p", Map.of("policy", Map.of("autoCleanup", "yes", "keepOnFailure", "yes", "idleTimeout", "1ms")), 1, 1).pool();
    assertTrue(pool.autoCleanup());
    assertFalse(pool.keepOnFailure());
    assertEquals(PoolTimes.PROCESS.idleTimeout(), pool.times().idleTimeout());
  }

  @Test
  void aMissingCommandIsToldBesideOtherMistakes() {
    assertEquals(List.of("bad-name id", "missing command"), found(Map.of("id", "-a")));
  }

  @Test
  void theMessageSaysWhatWasFound() {
    Map<String, Object> values = Map.of("name", 30, "labels", "red", "timeout", List.of(1, 2), "retry", true);
    values.forEach((name, value) -> {
      String words = switch (name) {
        case "name" -> "the number 30";
        case "labels" -> "the text \"red\"";
        case "timeout" -> "a list of 2";
        default -> "but found true";
      };
      String told = RequestReader.read(with(name, value)).violations().getFirst().message();
      assertTrue(told.contains(words), told);
    });
    String env = RequestReader.read(with("env", Map.of("A", List.of(1)))).violations().getFirst().message();
    assertTrue(env.contains("a list of 1") && !env.contains("quote it"), env);
  }

  @Test
  void whereAJobComesFromIsNotTheUsersToSay() {
    Map<String, Object> fields = with("retryOf", "j-1");
    assertEquals(List.of(), RequestReader.read(fields).violations());
    assertEquals(List.of("retryOf"), RequestReader.readWritten(fields).violations().stream().map(Violation::field).toList());
    assertEquals(new Reading(RequestReader.read(with("name", "n")).spec(), List.of()), RequestReader.readWritten(with("name", "n")));
  }

  @Test
  void everyPartOfARequestIsInItsHash() {
    Map<String, Object> fields = new HashMap<>(Map.of("command", List.of("a", "b"), "image", "i", "resources", Map.of("cpu", "1", "memory", "1Gi", "gpu", 2),
        "env", Map.of("A", "1", "B", "2"), "labels", Map.of("l", "v"), "timeout", "5s", "priority", 3, "tenant", "t", "workdir", "/w"));
    fields.put("retry", Map.of("maxAttempts", 2, "backoff", "2s", "maxBackoff", "3s", "onExitCodes", List.of(4, 3), "onReasons", List.of("WORKER_LOST", "SIGNAL")));
    assertEquals("ce00c184c40f242184ede9112f5a7af3c45f216238f9ec5785349180ba787957", RequestHash.of(RequestReader.read(fields).spec()), "the hash is kept for days: it is the same for ever");
    assertEquals(Duration.ofSeconds(5), RequestReader.read(fields).spec().timeout());
  }
}
