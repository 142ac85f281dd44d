package io.hodei.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RequestHashTest {
  @Test
  void whoAsksAndWhatNamesItDoNotCount() {
    String plain = hash(Map.of("command", List.of("true")));

    assertEquals(plain, hash(Map.of("command", List.of("true"), "id", "a", "idempotencyKey", "k", "actor", "ana", "correlationId", "c")));
    assertEquals(plain, hash(Map.of("command", List.of("true"), "pool", "default", "queueTimeout", "1440m", "labels", Map.of())));
    assertTrue(plain.matches("[0-9a-f]{64}"), plain);
  }

  @Test
  void everythingElseCounts() {
    Set<String> hashes = new HashSet<>();
    List<Map<String, Object>> bodies = List.of(
        Map.of("command", List.of("a", "b")), Map.of("command", List.of("a b")), Map.of("command", List.of("a", "b", "")),
        Map.of("command", List.of("a;1:b")), Map.of("script", "a"), Map.of("script", "a", "name", "n"), Map.of("script", "a", "pool", "p"),
        Map.of("script", "a", "env", Map.of("A", "1")), Map.of("script", "a", "labels", Map.of("A", "1")),
        Map.of("script", "a", "timeout", "1s"), Map.of("script", "a", "priority", 1), Map.of("script", "a", "workdir", "/"),
        Map.of("script", "a", "retry", Map.of("maxAttempts", 2)), Map.of("script", "a", "retry", Map.of("onExitCodes", List.of(1))),
        Map.of("script", "a", "retry", Map.of("onReasons", List.of("OOM_KILLED"))), Map.of("script", "a", "tenant", "t"),
        Map.of("script", "a", "image", "i"), Map.of("script", "a", "resources", Map.of("cpu", "1")),
        Map.of("script", "a", "resources", Map.of("memory", "1")), Map.of("script", "a", "providerConfig", Map.of("a", 1)));
    bodies.forEach(body -> assertTrue(hashes.add(hash(body)), body.toString()));
  }

  @Test
  void theOrderOfMapsDoesNotCount() {
    Map<String, String> forth = new LinkedHashMap<>();
    Map<String, String> back = new LinkedHashMap<>();
    for (int i = 0; i < 20; i++) {
      forth.put("K" + i, "v");
      back.put("K" + (19 - i), "v");
    }
    assertEquals(hash(Map.of("script", "a", "env", forth)), hash(Map.of("script", "a", "env", back)));
    assertEquals(hash(Map.of("script", "a", "providerConfig", forth)), hash(Map.of("script", "a", "providerConfig", back)));
  }

  @Test
  void theHashIsTheSameForEver() {
    assertEquals("10218c31b96f8e4dbb2ec4a8c99c45d3b97a8d678ed6560ff6c007015abc5341", hash(Map.of("command", List.of("true"))));
  }

  @Test
  void idsDeriveFromTheSource() {
    String id = RequestIds.of("hodei.job-requests-0-42");

    assertEquals(id, RequestIds.of("hodei.job-requests-0-42"));
    assertNotEquals(id, RequestIds.of("hodei.job-requests-0-43"));
    assertTrue(id.matches("[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"), id);
    assertTrue(RequestReader.NAME.matcher(id).matches());
  }

  @Test
  void durationsAreWrittenShortAndExactly() {
    assertEquals("24h", DurationText.of(Duration.ofDays(1)));
    assertEquals("90m", DurationText.of(Duration.ofMinutes(90)));
    assertEquals("90s", DurationText.of(Duration.ofSeconds(90)));
    assertEquals("1500ms", DurationText.of(Duration.ofMillis(1500)));
    assertEquals("0s", DurationText.of(Duration.ZERO));
    for (String text : List.of("1ms", "59s", "61m", "100h")) {
      assertEquals(text, DurationText.of(DurationText.parse(text)));
    }
  }

  private static String hash(Map<String, ?> fields) {
    Reading reading = RequestReader.read(fields);
    assertEquals(List.of(), reading.violations());
    return RequestHash.of(reading.spec());
  }
}
