package io.hodei.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.schemas.Job;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The rows against a plain map that is filtered and sorted whole, under random steps; the seed is the test's name.
class RowsPropertyTest {
  private static final List<String> STATES = List.of("PENDING", "SCHEDULED", "ASSIGNED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED", "TIMEOUT");
  private static final Comparator<Job> NEWEST_FIRST = Comparator.comparing(Job::getSubmittedAt).thenComparing(Job::getId).reversed();

  @TempDir
  private Path directory;
  private Rows<Job> rows;
  private int added;
  private final Map<String, Job> model = new HashMap<>();

  private void given(int maxReads) {
    Given.codec();
    rows = new Rows<>(new JobKind(), Job.class, new RowFile(directory, 8 * 1024), maxReads);
  }

  @AfterEach
  void close() {
    rows.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void holdWhatAMapHolds(long seed) {
    given(Rows.MAX_READS);
    Random random = new Random(seed);
    for (int step = 0; step < 4_000; step++) {
      switch (random.nextInt(10)) {
        case 0 -> remove(id(random));
        case 1 -> expire(Given.NOON.plusMillis(step - 3_000));
        default -> put(job(id(random), random, Given.NOON.plusMillis(step)));
      }
    }
    assertEquals(model.size(), rows.size());
    model.forEach((id, job) -> assertEquals(job, rows.get(id)));
    for (int i = 0; i < 60; i++) {
      JobFilter filter = filter(random);
      List<Job> wanted = model.values().stream().filter(filter::matches).sorted(NEWEST_FIRST).toList();
      assertEquals(wanted, paged(filter, 1 + random.nextInt(70)), filter.toString());
    }
    List.copyOf(model.keySet()).forEach(this::remove);
    assertEquals(0, rows.size());
    assertNull(rows.get(id(random)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void everyRowThatMatchedThroughoutIsPagedOnceAndNoneTwice(long seed) {
    given(37);
    Random random = new Random(seed);
    for (int i = 0; i < 1_500; i++) {
      put(job(id(random), random, Given.NOON.plusMillis(random.nextInt(300))));
    }
    for (int round = 0; round < 10; round++) {
      JobFilter filter = filter(random);
      Set<String> throughout = new HashSet<>(model.values().stream().filter(filter::matches).map(Job::getId).toList());
      Set<String> seen = new HashSet<>();
      Cursor cursor = null;
      do {
        Rows.Page<Job> page = rows.page(cursor, 1 + random.nextInt(30), filter.mask(), filter::matches);
        page.rows().forEach(job -> assertTrue(seen.add(job.getId()), () -> job.getId() + " came twice"));
        cursor = page.next();
        for (int i = 0; i < 20; i++) {
          Job changed = change(random);
          Job now = model.get(changed.getId());
          if (now == null || !filter.matches(now)) {
            throughout.remove(changed.getId());
          }
        }
      } while (cursor != null);
      throughout.removeAll(seen);
      assertEquals(Set.of(), throughout, "matched throughout and did not come: " + filter);
    }
  }

  @Test
  void aPageThatWouldReadTooMuchEndsEarlyAndGoesOn() {
    given(50);
    for (int i = 0; i < 500; i++) {
      put(Given.job("job-" + i, "SUCCEEDED").setSubmittedAt(Given.NOON.plusMillis(i)).setFinishedAt(Given.NOON).build());
    }
    Rows.Page<Job> first = rows.page(null, 10, Mask.ALL, job -> job.getId().equals("job-3"));
    assertEquals(List.of(), first.rows());
    assertNotNull(first.next());
    int pages = 1;
    Rows.Page<Job> page = first;
    List<Job> found = new ArrayList<>();
    while (page.next() != null) {
      page = rows.page(page.next(), 10, Mask.ALL, job -> job.getId().equals("job-3"));
      found.addAll(page.rows());
      pages++;
    }
    assertEquals(List.of(model.get("job-3")), found);
    assertEquals(11, pages);
  }

  /// What may happen to a job: it is new, has another state, or is forgotten; its place never changes.
  private Job change(Random random) {
    String id = id(random);
    Job known = model.get(id);
    Job next = job(id, random, known == null ? Given.NOON.plusMillis(300 + added++ / 3) : known.getSubmittedAt());
    if (known != null && random.nextInt(20) == 0) {
      remove(id);
    } else {
      put(next);
    }
    return next;
  }

  private void put(Job job) {
    Job before = model.put(job.getId(), job);
    assertEquals(before, rows.put(job));
  }

  private void remove(String id) {
    assertEquals(model.remove(id), rows.remove(id));
  }

  private void expire(Instant horizon) {
    Set<Job> gone = new HashSet<>(rows.removeEndedBy(horizon));
    Set<Job> wanted = new HashSet<>(model.values().stream().filter(job -> job.getFinishedAt() != null && !job.getFinishedAt().isAfter(horizon)).toList());
    assertEquals(wanted, gone);
    model.values().removeAll(wanted);
  }

  private List<Job> paged(JobFilter filter, int limit) {
    List<Job> found = new ArrayList<>();
    Cursor cursor = null;
    do {
      Rows.Page<Job> page = rows.page(cursor, limit, filter.mask(), filter::matches);
      found.addAll(page.rows());
      cursor = page.next();
    } while (cursor != null);
    return found;
  }

  /// One of 2,400 ids, two thirds of them UUIDs.
  private static String id(Random random) {
    int number = random.nextInt(2_400);
    return number % 3 == 0 ? "job-" + number : new UUID(number * 0x9E3779B97F4A7C15L, number * 0xD1B54A32D192ED03L).toString();
  }

  private static Job job(String id, Random random, Instant submitted) {
    String state = STATES.get(random.nextInt(STATES.size()));
    return Given.job(id, state).setSubmittedAt(submitted).setFinishedAt(STATES.indexOf(state) < 4 ? null : submitted.plusMillis(random.nextInt(50)))
        .setPool("pool-" + random.nextInt(3)).setTenant("tenant-" + random.nextInt(20)).setCorrelationId("c-" + random.nextInt(300))
        .setLabels(random.nextBoolean() ? Map.of() : Map.of("team", "t" + random.nextInt(5), "run", "r" + random.nextInt(100)))
        .setMessage("x".repeat(random.nextInt(100) == 0 ? 9_000 : random.nextInt(200))).build();
  }

  private static JobFilter filter(Random random) {
    List<String> states = random.nextInt(3) > 0 ? List.of() : List.of(STATES.get(random.nextInt(8)), STATES.get(random.nextInt(8)));
    Map<String, String> labels = switch (random.nextInt(4)) {
      case 0 -> Map.of("team", "t" + random.nextInt(5));
      case 1 -> Map.of("team", "t" + random.nextInt(5), "run", "r" + random.nextInt(100));
      default -> Map.of();
    };
    return new JobFilter(states, random.nextInt(4) == 0 ? "pool-" + random.nextInt(3) : null, random.nextInt(4) == 0 ? "tenant-" + random.nextInt(20) : null,
        random.nextInt(6) == 0 ? "c-" + random.nextInt(300) : null, random.nextInt(4) == 0 ? List.of("j", "job-1", "9", "9e", "f0a", "job-2399").get(random.nextInt(6)) : null, labels);
  }
}
