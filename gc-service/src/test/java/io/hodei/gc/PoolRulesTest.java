package io.hodei.gc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.schemas.Pool;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What pools ask of garbage collection.
// proves: seed:policy
class PoolRulesTest {
  private final PoolRules rules = new PoolRules();

  private void pool(String name, boolean detects, int seconds) {
    rules.applied(Pool.newBuilder().setName(name).setProviders(List.of("process")).setOrphanDetection(detects).setOrphanCheckIntervalMs(seconds * 1000L).build());
  }

  @Test
  void withoutPoolsEverythingIsLookedFor() {
    assertTrue(rules.detects(null, "process"));
    assertEquals(Duration.ofSeconds(30), rules.interval(Duration.ofSeconds(30)));
  }

  @Test
  void aPoolMayBeLeftAlone() {
    pool("a", false, 30);
    pool("b", true, 30);
    assertFalse(rules.detects("a", "process"));
    assertTrue(rules.detects("b", "process"));
    assertTrue(rules.detects(null, "process"), "it may be of b");
    pool("b", false, 30);
    assertFalse(rules.detects(null, "process"));
    assertTrue(rules.detects(null, "docker"));
  }

  @Test
  void theMostImpatientPoolSaysHowOften() {
    pool("a", true, 10);
    pool("b", true, 60);
    pool("c", false, 2);
    assertEquals(Duration.ofSeconds(10), rules.interval(Duration.ofSeconds(30)));
    pool("a", true, 45);
    assertEquals(Duration.ofSeconds(30), rules.interval(Duration.ofSeconds(30)));
  }
}
