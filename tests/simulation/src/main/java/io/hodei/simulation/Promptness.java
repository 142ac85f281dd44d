package io.hodei.simulation;

import io.hodei.domain.Job;
import io.hodei.domain.JobEvent;
import io.hodei.domain.JobId;
import io.hodei.domain.JobState;
import io.hodei.domain.PoolTimes;
import io.hodei.domain.Recorded;
import io.hodei.domain.Worker;
import io.hodei.domain.WorkerEvent;
import io.hodei.domain.WorkerId;
import io.hodei.domain.WorkerState;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Promises with a time in them. Each is noted when its time begins, and judged when it is over, if nothing went wrong meanwhile that excuses.
final class Promptness {
  /// A tick, a sweep, a commit, and the way of a record or two.
  private static final long MARGIN_MS = 1_500;
  private static final long SILENCE_MS = 17_000;
  private static final long DEATH_MS = 3_000;
  private static final long ORPHAN_MS = 60_000;
  private static final long START_MS = 4_000;
  private static final long GONE_MS = 1_000;
  /// Beyond this nobody waits in these worlds.
  private static final long LONGEST_MS = 900_000;

  private record Due(long at, long order, long since, String promise, String subject, @Nullable String worker, String sentence, BooleanSupplier open) {}

  private final World world;
  private final PriorityQueue<Due> dues = new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::order));
  private long noted;

  Promptness(World world) {
    this.world = world;
  }

  private void within(long millis, String promise, String subject, @Nullable String worker, String sentence, BooleanSupplier open) {
    long now = world.clockwork.now();
    if (millis <= LONGEST_MS && world.weather.isFair(now)) {
      dues.add(new Due(now + millis, noted++, now, promise, subject, worker, sentence, open));
    }
  }

  /// Judges what is due.
  void look() {
    long now = world.clockwork.now();
    while (!dues.isEmpty() && dues.peek().at() <= now) {
      Due due = dues.remove();
      if (world.weather.isFair(due.since()) && (due.worker() == null || !world.weather.isTouched(due.worker())) && due.open().getAsBoolean()) {
        world.witness.broken(due.promise(), due.subject(), due.sentence() + ", and nothing was wrong, but " + (now - due.since()) + " ms later it is not so");
      }
    }
  }

  // What begins a time.

  void recorded(Recorded.OfJob event) {
    JobId id = event.after().id();
    switch (event.event()) {
      case JobEvent.JobQueued queued when world.client.planOf(id.value()) instanceof JobPlan plan -> within(
          Duration.between(event.at(), queued.eligibleAt()).plus(plan.queueTimeout()).toMillis() + MARGIN_MS, "QueueTimeoutKept", id.value(), null,
          "it was to wait for no longer than its queueTimeout", () -> job(id) instanceof Job.Pending p && event.after() instanceof Job.Pending before && p.queuedAt().equals(before.queuedAt()));
      case JobEvent.JobScheduled scheduled -> starts(id, scheduled.assignment().worker(), scheduled.assignment().epoch());
      case JobEvent.JobAssigned assigned when event.before() instanceof Job.Pending -> starts(id, assigned.assignment().worker(), assigned.assignment().epoch());
      case JobEvent.JobStarted started -> {
        Duration timeout = event.after().head().spec().timeout();
        within((timeout == null ? LONGEST_MS : timeout.toMillis()) + grace(id) + MARGIN_MS, "RunsNoLonger", id.value(), started.assignment().worker().value(),
            "it was to run for no longer than its timeout and its grace", () -> job(id) instanceof Job.Running r && r.assignment().epoch() == started.assignment().epoch());
      }
      case JobEvent.JobCancelRequested cancelled when event.after() instanceof Job.Running run -> within(grace(id) + MARGIN_MS, "CancelEnds", id.value(),
          run.assignment().worker().value(), "its agent was to end it within its grace", () -> job(id) != null);
      default -> {
      }
    }
  }

  private void starts(JobId id, WorkerId worker, long epoch) {
    within(START_MS, "StartsPromptly", id.value(), worker.value(), "it has a worker and was to start", () -> job(id) instanceof Job there
        && there.head().epoch() == epoch && (there.state() == JobState.SCHEDULED || there.state() == JobState.ASSIGNED));
  }

  void recorded(Recorded.OfWorker event) {
    Worker after = event.after();
    WorkerId id = after.id();
    PoolTimes times = world.climate.defaultPool().times();
    boolean samePool = !world.climate.has(Trouble.POOL_CHANGES);
    switch (event.event()) {
      case WorkerEvent.WorkerJobCompleted completed when !world.climate.has(Trouble.FLAGS_CHANGE) -> within(GONE_MS, "GoneAtOnce", id.value(), id.value(),
          "its attempt has ended, and it was to go at once", () -> worker(id) instanceof Worker.Terminating there && there.head().since().equals(event.at()));
      case WorkerEvent.WorkerReady ready when samePool && after.isIdle() -> within(times.idleTimeout().toMillis() + MARGIN_MS, "IdleTimeoutKept", id.value(), id.value(),
          "it was to go when it had been idle for its pool's idleTimeout",
          () -> worker(id) instanceof Worker there && there.isIdle() && there.head().since().equals(after.head().since()));
      case WorkerEvent.WorkerDraining draining when samePool && draining.actor() == null -> within(times.ttlAfterCompletion().toMillis() + MARGIN_MS, "KeptForALook",
          id.value(), id.value(), "it was to be kept for its pool's ttlAfterCompletion and no longer", () -> state(id) == WorkerState.DRAINING);
      default -> {
      }
    }
  }

  /// Something is there that is nobody's.
  void stray(ProviderPart provider, String worker) {
    within(ORPHAN_MS, "OrphansGo", worker, null, "it is nobody's and was to go within a minute", () -> provider.has(worker));
  }

  /// An agent is not heard from now on, for `millis`.
  void silent(String worker, long millis) {
    WorkerId id = new WorkerId(worker);
    world.weather.silence();
    if (millis > SILENCE_MS + 1_000 && worker(id) instanceof Worker there && there.isConnected()) {
      within(SILENCE_MS, "SilenceIsNoticed", worker, null, "its agent fell silent, and it was to be lost",
          () -> !world.weather.isSilenceOfMany() && worker(id) instanceof Worker now && now.isConnected());
    }
  }

  /// Its agent is dead, and whoever watches is there.
  void died(String worker) {
    WorkerId id = new WorkerId(worker);
    within(DEATH_MS, "DeathIsNoticed", worker, null, "its agent died, and it was to be lost", () -> worker(id) instanceof Worker there && there.isConnected());
  }

  private long grace(JobId job) {
    JobPlan plan = world.client.planOf(job.value());
    Duration grace = world.climate.has(Trouble.POOL_CHANGES) ? PoolTimes.of(world.climate.provider()).gracefulTermination()
        : world.climate.defaultPool().times().gracefulTermination();
    return plan != null && plan.isStubborn() ? Math.max(grace.toMillis(), world.climate.defaultPool().times().gracefulTermination().toMillis()) : 0;
  }

  private @Nullable Job job(JobId id) {
    return world.broker.jobs.get(id);
  }

  private @Nullable Worker worker(WorkerId id) {
    return world.broker.workers.get(id);
  }

  private @Nullable WorkerState state(WorkerId id) {
    Worker worker = worker(id);
    return worker == null ? null : worker.state();
  }
}
