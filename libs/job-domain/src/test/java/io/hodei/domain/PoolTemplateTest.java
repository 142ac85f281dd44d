package io.hodei.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PoolTemplateTest {
  private static final PoolTemplate TEMPLATE = new PoolTemplate("debian:12", new Resources("1", "1Gi", null), Map.of());
  private static final PoolTemplate EMPTY = new PoolTemplate(null, null, Map.of());

  private static JobSpec spec(Map<String, ?> more) {
    Map<String, Object> fields = new java.util.HashMap<>(more);
    fields.put("command", List.of("true"));
    return RequestReader.read(fields).spec();
  }

  @Test
  void aJobsOwnWordGoesFirstAndTheRestIsThePools() {
    JobSpec own = spec(Map.of("image", "busybox", "resources", Map.of("memory", "64Mi", "gpu", 1)));
    assertEquals("busybox", TEMPLATE.imageOf(own));
    assertEquals(new Resources("1", "64Mi", 1), TEMPLATE.resourcesOf(own));
    assertEquals(new Resources(null, "64Mi", 1), EMPTY.resourcesOf(own));
  }

  @Test
  void aJobThatSaysNothingGetsThePoolsOrNothing() {
    JobSpec silent = spec(Map.of());
    assertEquals("debian:12", TEMPLATE.imageOf(silent));
    assertEquals(new Resources("1", "1Gi", null), TEMPLATE.resourcesOf(silent));
    assertEquals(null, EMPTY.imageOf(silent));
    assertEquals(null, EMPTY.resourcesOf(silent));
  }
}
