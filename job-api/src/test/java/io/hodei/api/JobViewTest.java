package io.hodei.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.schemas.Job;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JobViewTest {
  private final JobView view = new JobView(Given.codec());
  private final JobCalls calls = new JobCalls(view, new Why(view, new WorkerView(Given.codec()), new PoolView(Given.codec()), new FlagView(Given.codec()), new ProviderView()),
      new EventLog(null, Given.codec(), "t"), Given.SEAL, InstantSource.fixed(Given.NOON));

  @Test
  void aRowReplacesTheRequestWhateverComesFirst() {
    Job request = Given.job("a", "PENDING").setSequence(0).build();
    Job row = Given.job("a", "RUNNING").build();

    view.accept(request);
    assertEquals("PENDING", view.get("a").getState());
    view.decided(row);
    view.accept(request);

    assertEquals("RUNNING", view.get("a").getState());
  }

  @Test
  void listsNewestFirstInPagesThatStayStableWhileJobsComeAndChange() {
    for (int i = 0; i < 25; i++) {
      view.decided(Given.job("job-" + i, "PENDING").setSubmittedAt(Given.NOON.plusMillis(i / 2)).build());
    }
    List<String> seen = new ArrayList<>();
    String cursor = null;
    do {
      Map<String, Object> page = calls.page(filter(Map.of()), cursor, 4);
      items(page).forEach(job -> seen.add((String) job.get("id")));
      cursor = (String) page.get("nextCursor");
      view.decided(Given.job("later-" + seen.size(), "PENDING").setSubmittedAt(Given.NOON.plusSeconds(9)).build());
      view.decided(Given.job("job-3", "RUNNING").setSubmittedAt(Given.NOON.plusMillis(1)).build());
    } while (cursor != null);

    assertEquals(25, seen.size());
    assertEquals("job-24", seen.getFirst());
    assertEquals("job-0", seen.getLast());
    assertEquals(25, seen.stream().distinct().count());
  }

  @Test
  void openJobsWeighWhatTheyHoldAndEndedOnesNothing() {
    assertEquals(0, view.openBytes());
    view.accept(Given.job("a", "PENDING").setEnv(Map.of("K", "x".repeat(100_000))).build());
    long one = view.openBytes();
    assertTrue(one > 100_000 && one < 110_000, () -> one + " bytes");
    view.decided(Given.job("a", "RUNNING").setEnv(Map.of("K", "x".repeat(100_000))).build());
    assertEquals(one, view.openBytes());
    view.decided(Given.job("b", "PENDING").build());
    assertTrue(view.openBytes() > one);
    view.decided(Given.job("a", "SUCCEEDED").build());
    view.decided(Given.job("b", "CANCELLED").build());
    assertEquals(0, view.openBytes());
  }

  @Test
  void theLastPageHasNoCursor() {
    view.decided(Given.job("a", "PENDING").build());
    view.decided(Given.job("b", "PENDING").build());

    assertNull(calls.page(filter(Map.of()), null, 2).get("nextCursor"));
    assertNotNull(calls.page(filter(Map.of()), null, 1).get("nextCursor"));
  }

  @Test
  void filtersByEveryCondition() {
    view.decided(Given.job("a-1", "RUNNING").setLabels(Map.of("team", "ml", "env", "prod")).setTenant("acme").build());
    view.decided(Given.job("a-2", "RUNNING").setLabels(Map.of("team", "ml")).setCorrelationId("x").build());
    view.decided(Given.job("b-1", "PENDING").setPool("big").build());

    assertEquals(List.of("a-2", "a-1"), ids(Map.of("label", List.of("team=ml"))));
    assertEquals(List.of("a-1"), ids(Map.of("label", List.of("team=ml", "env=prod"))));
    assertEquals(List.of("b-1"), ids(Map.of("state", List.of("PENDING"))));
    assertEquals(List.of("b-1"), ids(Map.of("pool", List.of("big"))));
    assertEquals(List.of("a-1"), ids(Map.of("tenant", List.of("acme"))));
    assertEquals(List.of("a-2"), ids(Map.of("correlationId", List.of("x"))));
    assertEquals(List.of("a-2", "a-1"), ids(Map.of("idPrefix", List.of("a-"))));
    assertEquals(List.of(), ids(Map.of("label", List.of("team="))));
  }

  @Test
  void forgetsWhatEndedSevenDaysAgoAndRequestsThatWerePassedBy() {
    view.decided(Given.job("old", "SUCCEEDED").setFinishedAt(Given.NOON).build());
    view.accept(Given.job("passed-by", "PENDING").setSequence(0).setSource("t-0-5").build());
    view.accept(Given.job("next", "PENDING").setSequence(0).setSource("t-0-7").build());
    view.decided(Given.job("young", "SUCCEEDED").setFinishedAt(Given.NOON.plus(Duration.ofDays(1))).setSource("t-0-6").build());

    view.sweep(Given.NOON.plus(Duration.ofDays(7)).plusSeconds(1));

    assertNull(view.get("old"));
    assertNull(view.get("passed-by"));
    assertNotNull(view.get("next"));
    assertNotNull(view.get("young"));
    assertEquals(List.of("young", "next"), ids(Map.of()));
  }

  @Test
  void endedJobsAreFoundForSevenDaysToTheMillisecond() {
    view.decided(Given.job("old", "SUCCEEDED").setFinishedAt(Given.NOON).setSource("t-0-5").build());
    view.sweep(Given.NOON.plus(Duration.ofDays(7)).minusMillis(1));
    assertNotNull(view.get("old"));
    assertEquals(List.of("old"), ids(Map.of("state", List.of("SUCCEEDED", "FAILED"))));

    view.sweep(Given.NOON.plus(Duration.ofDays(7)));
    assertNull(view.get("old"));
    assertEquals(List.of(), ids(Map.of()));
  }

  @Test
  void whatKafkaStillHasOfAForgottenJobDoesNotBringItBack() {
    view.sweep(Given.NOON.plus(Duration.ofDays(7)));
    view.decided(Given.job("old", "SUCCEEDED").setFinishedAt(Given.NOON).setSource("t-0-5").build());
    view.decided(Given.job("later", "RUNNING").setSource("t-0-6").build());
    view.accept(Given.job("old", "PENDING").setSequence(0).setSource("t-0-5").build());

    assertEquals(List.of("later"), ids(Map.of()));
    assertNull(view.get("old"));
  }

  @Test
  void aCursorOfOtherConditionsIsRefused() {
    view.decided(Given.job("a", "PENDING").build());
    view.decided(Given.job("b", "PENDING").build());
    String cursor = String.valueOf(calls.page(filter(Map.of("state", List.of("PENDING"))), null, 1).get("nextCursor"));

    assertEquals("a", items(calls.page(filter(Map.of("state", List.of("PENDING"))), cursor, 1)).getFirst().get("id"));
    assertEquals(400, QueryTest.refusal(() -> calls.page(filter(Map.of()), cursor, 1)).status());
  }

  @Test
  void wakesThoseWhoWait() throws InterruptedException {
    view.decided(Given.job("a", "RUNNING").build());
    try (Watchers.Watch watch = view.watch("a")) {
      Thread change = Thread.ofVirtual().start(() -> view.decided(Given.job("a", "SUCCEEDED").build()));
      long start = System.nanoTime();
      watch.await(Duration.ofSeconds(20));
      change.join();
      assertTrue(System.nanoTime() - start < Duration.ofSeconds(10).toNanos());
    }
    assertEquals("SUCCEEDED", view.get("a").getState());
  }

  private List<String> ids(Map<String, List<String>> query) {
    return items(calls.page(filter(query), null, 100)).stream().map(job -> (String) job.get("id")).toList();
  }

  private static JobFilter filter(Map<String, List<String>> query) {
    return JobFilter.of(Query.of(query, JobFilter.PARAMETERS));
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> items(Map<String, Object> page) {
    return (List<Map<String, Object>>) page.get("items");
  }
}
