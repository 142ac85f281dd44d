package io.hodei.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestReaderTest {
  private static final List<String> COMMAND = List.of("true");

  @Test
  void fillsInTheDefaultsOfTheContract() {
    JobSpec spec = valid(Map.of("command", List.of("echo", "hello")));

    assertEquals(List.of("echo", "hello"), spec.command());
    assertEquals("default", spec.pool());
    assertEquals("default", spec.tenant());
    assertEquals(Duration.ofHours(24), spec.queueTimeout());
    assertEquals(RetryPolicy.NONE, spec.retry());
    assertEquals(0, spec.priority());
    assertNull(spec.timeout());
    assertNull(spec.id());
    assertEquals(Map.of(), spec.labels());
  }

  @Test
  void readsEveryField() {
    Map<String, Object> fields = new HashMap<>(Map.of("id", "job-1", "name", "train", "pool", "big", "script", "#!/bin/sh\ndate",
        "env", Map.of("A", "1"), "workdir", "/tmp", "timeout", "90s", "queueTimeout", "7d", "priority", -5, "tenant", "acme"));
    fields.putAll(Map.of("retry", Map.of("maxAttempts", 3L, "backoff", "500ms", "maxBackoff", "10m", "onExitCodes", List.of(1, 255),
            "onReasons", List.of("WORKER_LOST", "TIMEOUT")),
        "idempotencyKey", "k", "labels", Map.of("team", "ml", "hodei.io/x", ""), "actor", "ana", "correlationId", "c-1",
        "image", "busybox:1", "resources", Map.of("cpu", "500m", "memory", "256Mi", "gpu", 1),
        "providerConfig", Map.of("b", List.of(1, true), "a", "x\"")));

    JobSpec spec = valid(fields);

    assertEquals(Duration.ofSeconds(90), spec.timeout());
    assertEquals(Duration.ofDays(7), spec.queueTimeout());
    assertEquals(new RetryPolicy(3, Duration.ofMillis(500), Duration.ofMinutes(10), List.of(1, 255), List.of("WORKER_LOST", "TIMEOUT")),
        spec.retry());
    assertEquals(new Resources("500m", "256Mi", 1), spec.resources());
    assertEquals("{\"a\":\"x\\\"\",\"b\":[1,true]}", spec.providerConfig());
    assertEquals("c-1", spec.correlationId());
  }

  @Test
  void anExplicitNullIsAnAbsentField() {
    Map<String, Object> fields = new HashMap<>();
    fields.put("command", COMMAND);
    for (String name : List.of("id", "pool", "script", "env", "retry", "resources", "timeout", "labels", "priority", "secrets")) {
      fields.put(name, null);
    }
    assertEquals(valid(Map.of("command", COMMAND)), valid(fields));
  }

  @Test
  void collectsEveryViolation() {
    assertEquals(List.of("wrong-type timeout", "out-of-range priority", "unknown-field comand", "missing command").stream().sorted().toList(),
        found(Map.of("comand", COMMAND, "timeout", 30, "priority", 1001)).stream().sorted().toList());
  }

  @Test
  void namesUnknownFieldsAtEveryDepth() {
    assertEquals(List.of("unknown-field retry.foo"), found(Map.of("command", COMMAND, "retry", Map.of("foo", 1))));
    assertEquals(List.of("unknown-field resources.disk"), found(Map.of("command", COMMAND, "resources", Map.of("disk", "1Gi"))));
    String message = read(Map.of("command", COMMAND, "imagee", "x")).violations().getFirst().message();
    assertTrue(message.contains("\"imagee\"") && message.contains("image"), message);
  }

  @Test
  void takesCommandOrScriptButNotBothOrNeither() {
    assertEquals(List.of("conflict script"), found(Map.of("command", COMMAND, "script", "date")));
    assertEquals(List.of("missing command"), found(Map.of()));
    assertEquals(List.of("missing command"), found(Map.of("command", List.of())));
    assertEquals(List.of(), found(Map.of("command", List.of(), "script", "date")));
    assertEquals(List.of("bad-value script"), found(Map.of("script", " \n")));
    assertEquals(List.of("bad-value command[0]"), found(Map.of("command", List.of(""))));
    assertEquals(List.of("wrong-type command"), found(Map.of("command", "date")));
    assertEquals(List.of("wrong-type command[1]"), found(Map.of("command", List.of("sleep", 1))));
    assertEquals(List.of("wrong-type command[1]"), found(Map.of("command", Arrays.asList("sleep", null))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "1.5s", "-1s", "1 s", "1H", "s", "PT1S", "99999999999999999999h", "99ms", "366d"})
  void refusesDurationsThatAreNone(String text) {
    assertEquals(1, read(Map.of("command", COMMAND, "timeout", text)).violations().size(), text);
  }

  @Test
  void refusesNumbersThatAreNotWholeOrInRange() {
    for (Object priority : new Object[] {1.0, 1.5, "1", true, 1001, -1001, Long.MAX_VALUE, BigInteger.TWO.pow(99)}) {
      assertEquals(List.of("priority"), fieldsOf(Map.of("command", COMMAND, "priority", priority)), priority.toString());
    }
    for (Object attempts : new Object[] {0, -1, 101}) {
      assertEquals(List.of("retry.maxAttempts"), fieldsOf(Map.of("command", COMMAND, "retry", Map.of("maxAttempts", attempts))));
    }
    assertEquals(List.of("retry.onExitCodes[0]", "retry.onExitCodes[2]"),
        fieldsOf(Map.of("command", COMMAND, "retry", Map.of("onExitCodes", List.of(0, 1, 256)))));
  }

  @Test
  void keepsTheBackoffBelowItsMaximum() {
    assertEquals(List.of("out-of-range retry.maxBackoff"),
        found(Map.of("command", COMMAND, "retry", Map.of("backoff", "2m", "maxBackoff", "1m"))));
    assertEquals(Duration.ofMinutes(2), valid(Map.of("command", COMMAND, "retry", Map.of("backoff", "2m"))).retry().maxBackoff());
  }

  @ParameterizedTest
  @ValueSource(strings = {"CANCELLED", "REFUSED", "timeout", "", "OTHER"})
  void refusesReasonsThatAreNeverRetried(String reason) {
    assertEquals(List.of("bad-name retry.onReasons"), found(Map.of("command", COMMAND, "retry", Map.of("onReasons", List.of(reason)))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", "a-", "a b", "a/b", "ä", "a\n", "../x",
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
  void refusesNamesOutsideThePattern(String name) {
    for (String field : List.of("id", "pool", "tenant")) {
      assertEquals(List.of("bad-name " + field), found(Map.of("command", COMMAND, field, name)));
    }
  }

  @Test
  void refusesEnvironmentThatCouldNotBePassedOn() {
    assertEquals(List.of("bad-name env.1A"), found(Map.of("command", COMMAND, "env", Map.of("1A", "x"))));
    assertEquals(List.of("bad-name env.HODEI_JOB_ID"), found(Map.of("command", COMMAND, "env", Map.of("HODEI_JOB_ID", "x"))));
    assertEquals(List.of("bad-value env.A"), found(Map.of("command", COMMAND, "env", Map.of("A", "x\0"))));
    Violation number = read(Map.of("command", COMMAND, "env", Map.of("A", 1))).violations().getFirst();
    assertTrue(number.message().contains("quote it: \"1\""), number.message());
  }

  @Test
  void refusesTextsThatAreNotText() {
    assertEquals(List.of("bad-value command[0]"), found(Map.of("command", List.of("a\0b"))));
    assertEquals(List.of("bad-value script"), found(Map.of("script", "echo \ud800")));
    assertEquals(List.of(), found(Map.of("script", "echo \ud83d\ude00")));
    assertEquals(List.of("bad-value correlationId"), found(Map.of("command", COMMAND, "correlationId", "a\r\nX: y")));
    assertEquals(List.of("bad-value idempotencyKey"), found(Map.of("command", COMMAND, "idempotencyKey", "k".repeat(256))));
    assertEquals(List.of("bad-value actor"), found(Map.of("command", COMMAND, "actor", "")));
  }

  @Test
  void refusesRelativeDirectoriesAndSecrets() {
    assertEquals(List.of("bad-value workdir"), found(Map.of("command", COMMAND, "workdir", "src")));
    assertEquals(List.of("not-built secrets"), found(Map.of("command", COMMAND, "secrets", List.of("TOKEN"))));
    assertEquals(List.of(), found(Map.of("command", COMMAND, "secrets", List.of())));
  }

  @Test
  void limitsLabels() {
    Map<String, Object> many = new HashMap<>();
    for (int i = 0; i < 65; i++) {
      many.put("l" + i, "x");
    }
    assertEquals(List.of("out-of-range labels"), found(Map.of("command", COMMAND, "labels", many)));
    assertEquals(List.of("bad-value labels.a"), found(Map.of("command", COMMAND, "labels", Map.of("a", "x".repeat(256)))));
    assertEquals(List.of("bad-name labels.a=b"), found(Map.of("command", COMMAND, "labels", Map.of("a=b", "x"))));
  }

  private static JobSpec valid(Map<String, ?> fields) {
    Reading reading = read(fields);
    assertEquals(List.of(), reading.violations());
    return reading.spec();
  }

  private static Reading read(Map<String, ?> fields) {
    return RequestReader.read(fields);
  }

  private static List<String> found(Map<String, ?> fields) {
    return read(fields).violations().stream().map(found -> found.code() + " " + found.field()).toList();
  }

  private static List<String> fieldsOf(Map<String, ?> fields) {
    return new ArrayList<>(read(fields).violations().stream().map(Violation::field).toList());
  }
}
