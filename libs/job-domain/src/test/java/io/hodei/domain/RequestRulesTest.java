package io.hodei.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestRulesTest {
  private static final PoolLimits PROCESS = new PoolLimits("default", List.of("process"), null, Duration.ofHours(24));
  private static final PoolLimits DOCKER = new PoolLimits("boxes", List.of("docker"), null, Duration.ofHours(1));

  @Test
  void aProcessPoolRefusesByNameWhatItCannotHonour() {
    JobSpec spec = spec(Map.of("command", List.of("true"), "image", "busybox", "resources", Map.of("cpu", "1"),
        "providerConfig", Map.of("a", 1)));

    assertEquals(List.of("unsupported image", "unsupported resources", "unsupported providerConfig"),
        RequestRules.check(spec, PROCESS).stream().map(found -> found.code() + " " + found.field()).toList());
    assertEquals(List.of("unsupported providerConfig.a"), RequestRules.check(spec, DOCKER).stream().map(found -> found.code() + " " + found.field()).toList());
  }

  @Test
  void aPoolOfContainersWantsAnImageOfTheJobUnlessItsTemplateHasOne() {
    JobSpec spec = spec(Map.of("command", List.of("true"), "resources", Map.of("memory", "64Mi")));

    assertEquals(List.of("missing image"), RequestRules.check(spec, DOCKER).stream().map(found -> found.code() + " " + found.field()).toList());
    assertEquals(List.of(), RequestRules.check(spec, new PoolLimits("boxes", List.of("docker"), "busybox", Duration.ofHours(1))));
  }

  @Test
  void aTimeoutBeyondThePoolsLimitIsRefusedNamingBoth() {
    JobSpec spec = spec(Map.of("command", List.of("true"), "timeout", "90m"));
    PoolLimits hour = new PoolLimits("boxes", List.of("process"), null, Duration.ofHours(1));

    assertEquals(List.of(), RequestRules.check(spec, PROCESS));
    Violation found = RequestRules.check(spec, hour).getFirst();
    assertEquals("timeout", found.field());
    assertTrue(found.message().contains("90m") && found.message().contains("1h") && found.message().contains("maxJobTimeout"), found.message());
  }

  @Test
  void aTimeoutOfThePoolsLimitIsWithinIt() {
    assertEquals(List.of(), RequestRules.check(spec(Map.of("command", List.of("true"), "timeout", "1h")),
        new PoolLimits("boxes", List.of("process"), null, Duration.ofHours(1))));
  }

  @Test
  void emptyExtensionsAreNone() {
    assertEquals(List.of(), RequestRules.check(
        spec(Map.of("command", List.of("true"), "resources", Map.of(), "providerConfig", Map.of())), PROCESS));
  }

  private static JobSpec spec(Map<String, ?> fields) {
    return RequestReader.read(fields).spec();
  }
}
