package io.hodei.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A shard with its clock, its surroundings (a gateway and a provider that report) and all that came out of it. Tests read
/// `given(submitted("j"), running("w-1")).when(workerDied("w-1")).then(jobIs("j", RUNNING))`. Workers are named `w-1`, `w-2`, … in
/// the order of their making. The [Invariants] are checked after each input, the stored rows against the live ones.
final class Scene {
  /// Does something in a scene.
  interface Step {
    void in(Scene scene);
  }

  /// Asserts something of a scene.
  interface Check {
    void of(Scene scene);
  }

  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  static final Duration LEASE = Duration.ofSeconds(12);
  static final ShardLimits LIMITS = ShardLimits.defaults(LEASE, Duration.ofMinutes(2));
  static final PoolPolicy POOL = pool(4);

  final StoredRows rows = new StoredRows();
  final Invariants invariants;
  final Map<JobId, Job.Ended> ended = new HashMap<>();
  final Set<WorkerId> silent = new HashSet<>();
  private PoolPolicy pool;
  private Shard shard;
  private Instant now = START;
  private Outcome last = new Outcome();
  private int made;
  private Flags flags = Flags.ON;
  boolean gatewayReports = true;
  boolean providerReports = true;

  Scene(PoolPolicy pool) {
    this.pool = pool;
    this.shard = fresh();
    this.invariants = new Invariants(rows);
  }

  static PoolPolicy pool(int maxWorkers) {
    return pool(WorkerMode.EPHEMERAL, maxWorkers, 0, false, PoolTimes.PROCESS);
  }

  static PoolPolicy pool(WorkerMode mode, int maxWorkers, int maxJobs, boolean keepOnFailure, PoolTimes times) {
    return new PoolPolicy("default", "process", mode, maxWorkers, maxWorkers, maxJobs, true, true, keepOnFailure, Map.of(), times, 1);
  }

  static PoolPolicy containers(int maxWorkers) {
    return new PoolPolicy("default", List.of("docker"), WorkerMode.EPHEMERAL, maxWorkers, maxWorkers, 0, true, true, false, new PoolTemplate("an-image", null, Map.of()),
        PoolTimes.DOCKER, 1);
  }

  /// A pool of four workers whose provider is heard.
  static Scene given(Step... steps) {
    return givenPool(POOL, steps);
  }

  static Scene givenPool(PoolPolicy pool, Step... steps) {
    Scene scene = new Scene(pool);
    scene.put(scene.provider());
    return scene.and(steps);
  }

  Scene and(Step... steps) {
    for (Step step : steps) {
      step.in(this);
    }
    return this;
  }

  Scene when(Step step) {
    last = new Outcome();
    step.in(this);
    return this;
  }

  Scene then(Check... checks) {
    for (Check check : checks) {
      check.of(this);
    }
    return this;
  }

  /// What the pool's provider tells.
  Input.ProviderAlive provider() {
    return new Input.ProviderAlive(pool.providers().getFirst(), "p-1");
  }

  Instant now() {
    return now;
  }

  /// All that followed since the last `when`.
  Outcome last() {
    return last;
  }

  Shard shard() {
    return shard;
  }

  @Nullable Job job(String id) {
    return rows.jobs.get(new JobId(id));
  }

  @Nullable Worker worker(String id) {
    return rows.workers.get(new WorkerId(id));
  }

  Worker existing(String id) {
    Worker worker = worker(id);
    if (worker == null) {
      throw new AssertionError("Expected worker " + id + ", but there are " + rows.workers.keySet());
    }
    return worker;
  }

  void put(Input input) {
    put(input, "test");
  }

  void put(Input input, String actor) {
    Outcome outcome = new Outcome();
    shard.handle(input, new Cause("test-0-0", actor, null), now, outcome);
    absorb(input, outcome);
  }

  void apply(Flags changed) {
    flags = changed;
    shard.apply(changed);
  }

  void apply(PoolPolicy changed) {
    pool = changed;
    put(new Input.ApplyPool(changed));
  }

  void tick() {
    Outcome outcome = new Outcome();
    shard.tick(now, outcome);
    absorb(null, outcome);
  }

  /// The dispatcher's death and return: only stored rows survive.
  void restart() {
    shard = fresh();
    rows.giveTo(shard, now);
  }

  void jump(Duration time) {
    now = now.plus(time);
  }

  /// Time goes by, with ticks, and with the reports of those who are up; of more than a quarter of a day with pauses between them.
  void pass(Duration time) {
    Duration step = time.compareTo(Duration.ofHours(6)) > 0 ? time.dividedBy(1000) : Duration.ofMillis(time.compareTo(Duration.ofMinutes(10)) > 0 ? 2_500 : 500);
    Instant end = now.plus(time);
    Instant nextReport = now;
    while (now.isBefore(end)) {
      now = now.plus(step).isAfter(end) ? end : now.plus(step);
      if (!now.isBefore(nextReport)) {
        nextReport = now.plusSeconds(2);
        reports();
      }
      tick();
    }
  }

  private void reports() {
    if (gatewayReports) {
      Map<WorkerId, Long> idle = new LinkedHashMap<>();
      rows.workers.values().stream().filter(Worker::isConnected).map(Worker::id).filter(id -> !silent.contains(id))
          .forEach(id -> idle.put(id, 0L));
      put(new Input.SessionsSeen(idle));
    }
    if (providerReports) {
      put(provider());
    }
  }

  private void absorb(@Nullable Input input, Outcome outcome) {
    rows.store(outcome);
    outcome.jobs().forEach((id, job) -> {
      if (job instanceof Job.Ended end) {
        ended.put(id, end);
      }
    });
    last.add(outcome);
    invariants.check(input, outcome, shard);
  }

  private Shard fresh() {
    Shard made = new Shard(LIMITS, () -> "w-" + ++this.made);
    made.apply(pool);
    made.apply(flags);
    return made;
  }
}
