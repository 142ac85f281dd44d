package io.hodei.domain;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What must be true of a shard after each input, told by its events and rows alone: the design's I1 to I5, I8, I9 and the rule that
/// nothing lives without a deadline.
final class Invariants {
  private final StoredRows rows;
  private final Map<JobId, Seen> seen = new HashMap<>();
  private final Map<WorkerId, Long> workerSequences = new HashMap<>();

  /// What the events have told of one job.
  private static final class Seen {
    long sequence;
    int attempts;
    int maxAttempts;
    @Nullable Assignment open;
    @Nullable Assignment started;
    boolean cancelled;
    @Nullable JobState end;
  }

  private final Set<String> away = new HashSet<>();

  Invariants(StoredRows rows) {
    this.rows = rows;
  }

  /// `input` null: a tick.
  void check(@Nullable Input input, Outcome outcome, Shard shard) {
    for (Recorded recorded : outcome.events()) {
      switch (recorded) {
        case Recorded.OfJob event -> job(event, input);
        case Recorded.OfWorker event -> worker(event);
        case Recorded.OfProvider event -> provider(event);
        case Recorded.OfRejection event -> {
        }
      }
    }
    outcome.effects().forEach(this::effect);
    capacity(outcome, shard);
    deadlines();
    ledger();
    require(shard.openJobs().size() == rows.jobs.size() && shard.openJobs().stream().allMatch(job -> rows.jobs.get(job.id()) == job),
        "the live jobs are not the stored ones");
    require(shard.workers().size() == rows.workers.size() && shard.workers().stream().allMatch(worker -> rows.workers.get(worker.id()) == worker),
        "the live workers are not the stored ones");
  }

  private void provider(Recorded.OfProvider recorded) {
    boolean away = recorded.event() instanceof ProviderEvent.ProviderUnavailable;
    require(away == recorded.after().isAway(), "provider " + recorded.after().id() + " has " + recorded.event().type() + ", but its row " + recorded.after());
    if (recorded.event() instanceof ProviderEvent.ProviderSeen) {
      require(!this.away.contains(recorded.after().id()), "provider " + recorded.after().id() + " is seen while it is away");
      return;
    }
    require(away ? this.away.add(recorded.after().id()) : this.away.remove(recorded.after().id()),
        "provider " + recorded.after().id() + " has " + recorded.event().type() + " twice in a row");
  }

  private void job(Recorded.OfJob recorded, @Nullable Input input) {
    JobId id = recorded.after().id();
    if (recorded.event() instanceof JobEvent.JobSubmitted submitted) {
      Seen before = seen.put(id, new Seen());
      require(before == null || before.end != null, "job " + id + " is submitted while it is open");
      Objects.requireNonNull(seen.get(id)).maxAttempts = submitted.spec().retry().maxAttempts();
    }
    Seen job = Objects.requireNonNull(seen.get(id), () -> "job " + id + " has events before JobSubmitted");
    require(job.end == null, "job " + id + " has " + recorded.event().type() + " after its end");
    require(recorded.after().head().history().sequence() == ++job.sequence, "job " + id + " has a gap in its sequence");
    JobState from = recorded.before() == null ? null : recorded.before().state();
    require(from == null || from == recorded.after().state() || from.canTransitionTo(recorded.after().state()),
        "job " + id + " goes from " + from + " to " + recorded.after().state());
    switch (recorded.event()) {
      case JobEvent.JobScheduled e -> scheduled(id, job, e.assignment());
      case JobEvent.JobAssigned e when recorded.before() instanceof Job.Pending -> scheduled(id, job, e.assignment());
      case JobEvent.JobStarted e -> {
        require(e.assignment().equals(job.open), "job " + id + " is started by an assignment that is not current");
        require(!job.cancelled, "job " + id + " is started after its cancellation");
        job.started = e.assignment();
      }
      case JobEvent.JobAttemptEnded e -> {
        require(e.assignment().equals(job.open), "job " + id + " ends an attempt that is not current");
        require(isProof(input, recorded.cause()), "job " + id + " ends an attempt without proof of death, on " + input);
        job.open = null;
        job.started = null;
      }
      case JobEvent.JobCancelRequested e -> job.cancelled = true;
      case JobEvent.JobCompleted e -> {
        require(!job.cancelled || e.state() == JobState.CANCELLED, "job " + id + " is " + e.state() + " after its cancellation");
        require(job.started == null, "job " + id + " ends while its attempt may run");
        job.end = e.state();
      }
      default -> {
      }
    }
  }

  private static boolean isProof(@Nullable Input input, Cause cause) {
    return switch (input) {
      case Input.AgentEnded told -> true;
      case Input.ForWorker told -> told.command() instanceof WorkerCommand.RecordGone;
      case null -> cause.causationId().equals("timer:no-contact");
      default -> false;
    };
  }

  private void worker(Recorded.OfWorker recorded) {
    WorkerId id = recorded.after().id();
    WorkerState from = recorded.before() == null ? null : recorded.before().state();
    require(from == null || from == recorded.after().state() || from.canTransitionTo(recorded.after().state()),
        "worker " + id + " goes from " + from + " to " + recorded.after().state());
    long expected = workerSequences.merge(id, 1L, Long::sum);
    require(recorded.after().head().sequence() == expected, "worker " + id + " has a gap in its sequence");
  }

  private void scheduled(JobId id, Seen job, Assignment assignment) {
    require(job.open == null, "job " + id + " has a second live assignment");
    require(assignment.attempt() == ++job.attempts, "job " + id + " skips an attempt");
    require(job.attempts <= job.maxAttempts, "job " + id + " has more attempts than allowed");
    require(!job.cancelled, "job " + id + " is scheduled after its cancellation");
    Worker worker = rows.workers.get(assignment.worker());
    require(worker == null || !worker.state().isTerminal(), "job " + id + " is given to a worker that is gone");
    job.open = assignment;
  }

  private void effect(Effect effect) {
    if (effect instanceof Effect.AnswerStart answer && answer.granted()) {
      Seen job = seen.get(answer.job());
      require(job != null && job.started != null && job.started.epoch() == answer.epoch() && job.started.worker().equals(answer.worker()),
          "worker " + answer.worker() + " may start job " + answer.job() + " without its being started");
    }
  }

  /// No worker is made beyond the slots; a pool that was made smaller drains by itself. No worker has two jobs.
  private void capacity(Outcome outcome, Shard shard) {
    PoolPolicy pool = Objects.requireNonNull(shard.pool("default"));
    long slots = rows.workers.values().stream().filter(Worker::holdsSlot).count();
    boolean made = outcome.effects().stream().anyMatch(Effect.ProvisionWorker.class::isInstance);
    require(!made || slots <= pool.maxWorkers(), slots + " slots are taken of " + pool.maxWorkers());
    Set<WorkerId> taken = new HashSet<>();
    rows.jobs.values().stream().map(Job::assignment).filter(Objects::nonNull)
        .forEach(assignment -> require(taken.add(assignment.worker()), "worker " + assignment.worker() + " has two jobs"));
  }

  private void deadlines() {
    for (Worker worker : rows.workers.values()) {
      require(worker.deadline() != null || worker.state() == WorkerState.TERMINATED, "worker " + worker.id() + " has no deadline");
    }
    for (Job job : rows.jobs.values()) {
      Assignment assignment = job.assignment();
      Worker worker = assignment == null ? null : rows.workers.get(assignment.worker());
      require(assignment == null || (worker != null && worker.state() != WorkerState.TERMINATED),
          "job " + job.id() + " is " + job.state() + " without a live worker");
    }
  }

  private void ledger() {
    Set<String> open = new HashSet<>();
    rows.jobs.values().forEach(job -> open.add(Shard.idKey(job.id())));
    rows.ledger.forEach((key, entry) -> {
      if (key.startsWith("id/")) {
        require((entry.finalState() == null) == open.remove(key), "the ledger tells " + entry + " of " + key);
        require(entry.finalState() == null || entry.expiresAt() != null, "the ledger keeps " + key + " for ever");
      }
    });
    require(open.isEmpty(), "the ledger does not know " + open);
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new AssertionError("Expected the invariants to hold, but " + otherwise);
    }
  }
}
