package io.hodei.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.hodei.schemas.Worker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkerViewTest {
  private final WorkerView view = new WorkerView(Given.codec());

  @Test
  void aWorkerIsListedForADayAfterItsEnd() {
    view.decided(Given.worker("gone", "TERMINATED").setTerminatedAt(Given.NOON).build());
    view.decided(Given.worker("going", "TERMINATING").build());
    view.sweep(Given.NOON.plus(Duration.ofHours(24)).minusMillis(1));
    assertEquals(List.of("going", "gone"), ids(Map.of()).stream().sorted().toList());
    assertEquals(Map.of("TERMINATED", 1L, "TERMINATING", 1L), view.counted("state"));

    view.sweep(Given.NOON.plus(Duration.ofHours(24)));
    assertNull(view.get("gone"));
    assertNotNull(view.get("going"));
    assertEquals(List.of("going"), ids(Map.of()));
    assertEquals(Map.of("TERMINATING", 1L), view.counted("state"));
    view.decided(Given.worker("gone", "TERMINATED").setTerminatedAt(Given.NOON).build());
    assertNull(view.get("gone"), "read again after a restart of Kafka's client");
    assertEquals(1, view.pendingDestroy());
  }

  @Test
  void isFoundByEveryCondition() {
    view.decided(Given.worker("a", "READY").setIdleSince(Given.NOON).setLastHeartbeatAt(Given.NOON.plusSeconds(50)).build());
    view.decided(Given.worker("b", "BUSY").setJobId("j").setPool("big").setLastHeartbeatAt(Given.NOON).build());
    view.decided(Given.worker("c", "TERMINATED").setJobId("k").setProvider("docker").setTerminatedAt(Given.NOON).build());
    view.decided(Given.worker("d", "READY").setDraining(true).setLastHeartbeatAt(Given.NOON.plusSeconds(50)).build());

    assertEquals(List.of("d", "c", "b", "a"), ids(Map.of()));
    assertEquals(List.of("c", "b"), ids(Map.of("state", List.of("BUSY", "TERMINATED"))));
    assertEquals(List.of("b"), ids(Map.of("pool", List.of("big"))));
    assertEquals(List.of("c"), ids(Map.of("provider", List.of("docker"))));
    assertEquals(List.of("c"), ids(Map.of("jobId", List.of("k"))));
    assertEquals(List.of("a"), ids(Map.of("idleFor", List.of("60s"))));
    assertEquals(List.of(), ids(Map.of("idleFor", List.of("61s"))));
    assertEquals(List.of("b"), ids(Map.of("noHeartbeatFor", List.of("30s"))));
    assertEquals(List.of("a"), ids(Map.of("acceptsJobs", List.of("true"))));
    assertEquals(List.of("d", "c", "b"), ids(Map.of("acceptsJobs", List.of("false"))));
    assertEquals(List.of(), ids(Map.of("state", List.of("BUSY"), "acceptsJobs", List.of("true"))));
    assertEquals(Map.of("default", 3L, "big", 1L), view.counted("pool"));
    assertEquals(Map.of("process", 3L, "docker", 1L), view.counted("provider"));
  }

  private List<String> ids(Map<String, List<String>> query) {
    WorkerFilter filter = WorkerFilter.of(Query.of(query, WorkerFilter.PARAMETERS));
    return view.page(null, filter, Given.NOON.plusSeconds(60), 100).rows().stream().map(Worker::getId).toList();
  }
}
