package io.hodei.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every key of a pool, its default, and what is refused by name.
// proves: seed:policy
class PoolReaderTest {
  @Test
  void whatIsAbsentIsTheProcessProvidersDefault() {
    PoolReader.Read read = PoolReader.read("p", Map.of(), 32, 4);
    assertEquals(List.of(), read.violations());
    assertEquals(new PoolPolicy("p", "process", WorkerMode.EPHEMERAL, 32, 4, 0, true, true, false, Map.of(), PoolTimes.PROCESS, 0), read.pool());
  }

  @Test
  void everyKeyIsRead() {
    Map<String, Object> policy = Map.ofEntries(Map.entry("maxLifetime", "2h"), Map.entry("ttlAfterCompletion", "5s"), Map.entry("idleTimeout", "7s"),
        Map.entry("gracefulTermination", "1500ms"), Map.entry("autoCleanup", false), Map.entry("orphanDetection", false), Map.entry("orphanCheckInterval", "15s"),
        Map.entry("maxJobTimeout", "1h"), Map.entry("createTimeout", "20s"), Map.entry("connectTimeout", "21s"), Map.entry("maxJobs", 9),
        Map.entry("maxCreating", 3), Map.entry("keepOnFailure", true));
    PoolReader.Read read = PoolReader.read("p", Map.of("name", "p", "providers", List.of("process"), "strategy", "ordered", "mode", "reusable", "minWarm", 0,
        "maxWorkers", 5, "template", Map.of("env", Map.of("A", "b"), "providerConfig", Map.of()), "policy", policy, "allow", Map.of(), "generation", 4), 32, 4);
    assertEquals(List.of(), read.violations());
    assertEquals(4, read.generation());
    assertEquals(new PoolPolicy("p", "process", WorkerMode.REUSABLE, 5, 3, 9, false, false, true, Map.of("A", "b"), new PoolTimes(Duration.ofHours(2),
        Duration.ofHours(1), Duration.ofSeconds(5), Duration.ofSeconds(7), Duration.ofMillis(1500), Duration.ofSeconds(20), Duration.ofSeconds(21),
        Duration.ofSeconds(15)), 0), read.pool());
  }

  @Test
  void aPoolOfContainersHasATemplateAndItsOwnDefaults() {
    PoolReader.Read read = PoolReader.read("p", Map.of("providers", List.of("docker"), "template", Map.of("image", "debian:12",
        "resources", Map.of("memory", "1Gi"), "env", Map.of("A", "b"))), 32, 4);
    assertEquals(List.of(), read.violations());
    assertEquals(new PoolPolicy("p", List.of("docker"), WorkerMode.EPHEMERAL, 32, 4, 0, true, true, false,
        new PoolTemplate("debian:12", new Resources(null, "1Gi", null), Map.of("A", "b")), PoolTimes.DOCKER, 0), read.pool());
  }

  @Test
  void aPoolOfPodsHasTheTimesOfTheSeedsAndItsPodsMayBeThereForWhatPassesBeforeTheStartAsWell() {
    PoolPolicy pool = PoolReader.read("p", Map.of("providers", List.of("kubernetes"), "template", Map.of("image", "debian:12")), 32, 4).pool();
    assertEquals(List.of("kubernetes"), pool.providers());
    assertEquals(Duration.ofHours(1), pool.times().maxLifetime());
    assertEquals(Duration.ofMinutes(5), pool.times().ttlAfterCompletion());
    assertEquals(Duration.ofMinutes(10).plus(PoolPolicy.LIFETIME_MARGIN).plus(pool.times().connectTimeout()),
        pool.existenceOf(pool.lifetimeOf(Duration.ofMinutes(10))));
  }

  static List<List<Object>> refused() {
    return List.of(
        List.of("template.providerConfig.kubernetes", "unsupported", Map.of("providers", List.of("docker"), "template", Map.of("providerConfig", Map.of("kubernetes", Map.of())))),
        List.of("template.providerConfig.docker.network", "bad-value", Map.of("providers", List.of("docker"), "template", Map.of("providerConfig", Map.of("docker", Map.of("network", "none"))))),
        List.of("providers", "bad-value", Map.of("providers", List.of("docker", "process"))), List.of("providers", "bad-value", Map.of("providers", List.of("docker", "docker"))),
        List.of("template.resources.memory", "bad-name", Map.of("providers", List.of("docker"), "template", Map.of("resources", Map.of("memory", "much")))),
        List.of("providers", "bad-value", Map.of("providers", List.of("vm"))),
        List.of("strategy", "not-built", Map.of("strategy", "fastest")), List.of("mode", "bad-value", Map.of("mode", "warm")),
        List.of("minWarm", "not-built", Map.of("minWarm", 1)), List.of("maxWorkers", "out-of-range", Map.of("maxWorkers", -1)),
        List.of("maxWorkers", "wrong-type", Map.of("maxWorkers", "8")), List.of("name", "bad-value", Map.of("name", "other")),
        List.of("template.image", "unsupported", Map.of("template", Map.of("image", "x"))), List.of("template.env.1A", "bad-name", Map.of("template", Map.of("env", Map.of("1A", "")))),
        List.of("template.env.HODEI_X", "bad-name", Map.of("template", Map.of("env", Map.of("HODEI_X", "")))),
        List.of("template.providerConfig.docker", "unsupported", Map.of("template", Map.of("providerConfig", Map.of("docker", Map.of())))),
        List.of("template.cpu", "unknown-field", Map.of("template", Map.of("cpu", "1"))), List.of("allow.privileged", "unsupported", Map.of("allow", Map.of("privileged", true))),
        List.of("policy.idleTimeout", "wrong-type", Map.of("policy", Map.of("idleTimeout", "soon"))),
        List.of("policy.idleTimeout", "out-of-range", Map.of("policy", Map.of("idleTimeout", "1ms"))),
        List.of("policy.keepOnFailure", "wrong-type", Map.of("policy", Map.of("keepOnFailure", "yes"))),
        List.of("policy.maxLifeTime", "unknown-field", Map.of("policy", Map.of("maxLifeTime", "1h"))), List.of("maxworkers", "unknown-field", Map.of("maxworkers", 1)));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatIsWrongIsNamed(List<Object> row) {
    @SuppressWarnings("unchecked")
    PoolReader.Read read = PoolReader.read("p", (Map<String, ?>) row.get(2), 32, 4);
    assertTrue(read.violations().stream().anyMatch(v -> v.field().equals(row.get(0)) && v.code().equals(row.get(1))), () -> row + " gave " + read.violations());
  }
}
