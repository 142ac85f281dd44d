package io.hodei.simulation;

import io.hodei.domain.Assignment;
import io.hodei.domain.Binding;
import io.hodei.domain.Cause;
import io.hodei.domain.Effect;
import io.hodei.domain.Flags;
import io.hodei.domain.Input;
import io.hodei.domain.Job;
import io.hodei.domain.JobCommand;
import io.hodei.domain.JobDecisions;
import io.hodei.domain.JobEvent;
import io.hodei.domain.JobId;
import io.hodei.domain.JobReason;
import io.hodei.domain.JobState;
import io.hodei.domain.Outcome;
import io.hodei.domain.PoolPolicy;
import io.hodei.domain.PoolTimes;
import io.hodei.domain.Refusal;
import io.hodei.domain.Rules;
import io.hodei.domain.Shard;
import io.hodei.domain.ShardLimits;
import io.hodei.domain.Verdict;
import io.hodei.domain.Worker;
import io.hodei.domain.WorkerCommand;
import io.hodei.domain.WorkerDecisions;
import io.hodei.domain.WorkerEvent;
import io.hodei.domain.WorkerId;
import io.hodei.domain.WorkerState;
import io.hodei.schemas.WorkerReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Where the mutants get in: around decide, around the limits, around the records that reach or leave the dispatcher. Without a mutant all of it
/// changes nothing.
final class Mutations {
  private static final Duration LEASE = Duration.ofSeconds(12);
  private static final Duration NO_CONTACT = Duration.ofMinutes(2);

  private Mutations() {}

  /// Found in orderly worlds only. These are one in ten; so as not to wait for them, all are with such a mutant.
  static boolean needsOrder(@Nullable Mutant mutant) {
    return mutant == Mutant.LEASE_NEVER || mutant == Mutant.CANCEL_UNTOLD || mutant == Mutant.LIFETIME_IGNORED || mutant == Mutant.GC_SELDOM
        || mutant == Mutant.QUEUE_TIMEOUT_LATE;
  }

  static ShardLimits limits(World world) {
    ShardLimits usual = ShardLimits.defaults(world.mutant == Mutant.LEASE_TOO_SHORT ? Duration.ofSeconds(3) : LEASE,
        world.mutant == Mutant.NO_CONTACT_SHORT ? Duration.ofMillis(1) : NO_CONTACT);
    Duration moment = Duration.ofMillis(1);
    return switch (world.mutant) {
      case KEY_FORGOTTEN -> new ShardLimits(usual.lease(), usual.noContactLimit(), moment, usual.idWindow(), usual.cancelParking(), usual.providerSilence(),
          usual.cancelMargin(), usual.timersPerTick(), usual.schedulesPerTurn());
      case LEDGER_FORGETS -> new ShardLimits(usual.lease(), usual.noContactLimit(), usual.keyWindow(), moment, usual.cancelParking(), usual.providerSilence(),
          usual.cancelMargin(), usual.timersPerTick(), usual.schedulesPerTurn());
      case PARK_FORGOTTEN -> new ShardLimits(usual.lease(), usual.noContactLimit(), usual.keyWindow(), usual.idWindow(), moment, usual.providerSilence(),
          usual.cancelMargin(), usual.timersPerTick(), usual.schedulesPerTurn());
      case null, default -> usual;
    };
  }

  static Rules rules(World world) {
    return switch (world.mutant) {
      case TIMER_DROPPED -> new Rules(JobDecisions::decide, (worker, command, pool, flags, now) -> worker instanceof Worker.Connecting
          && command instanceof WorkerCommand.ExpireDeadline ? Verdict.refuse(Refusal.DUPLICATE) : WorkerDecisions.decide(worker, command, pool, flags, now));
      case CANCEL_FORGOTTEN -> jobs((job, command, now) -> job instanceof Job.Running && command instanceof JobCommand.CancelJob
          ? Verdict.refuse(Refusal.DUPLICATE) : JobDecisions.decide(job, command, now));
      case CANCELLED_STARTS -> jobs((job, command, now) -> (job instanceof Job.Assigned || job instanceof Job.Scheduled) && command instanceof JobCommand.CancelJob c
          ? Verdict.accept(new JobEvent.JobCancelRequested(c.actor())) : JobDecisions.decide(job, command, now));
      case BOOT_IGNORED -> new Rules(JobDecisions::decide, (worker, command, pool, flags, now) -> command instanceof WorkerCommand.Connect c && worker.isConnected()
          && !c.bootId().equals(worker.head().bootId()) ? Verdict.accept(new WorkerEvent.WorkerConnected(c.bootId())) : WorkerDecisions.decide(worker, command, pool, flags, now));
      case FAILURE_SUCCEEDS -> jobs((job, command, now) -> JobDecisions.decide(job, command, now) instanceof Verdict.Accepted<JobEvent>(var events)
          && events.getFirst() instanceof JobEvent.JobAttemptEnded ended && events.getLast() instanceof JobEvent.JobCompleted end && end.state() == JobState.FAILED
          && job instanceof Job.Running ? Verdict.accept(ended, new JobEvent.JobCompleted(JobState.SUCCEEDED, end.result())) : JobDecisions.decide(job, command, now));
      case RULE_THROWS -> jobs((job, command, now) -> {
        if (job instanceof Job.Running && command instanceof JobCommand.StartJob) {
          throw new IllegalStateException("Expected no such question");
        }
        return JobDecisions.decide(job, command, now);
      });
      case GIVEN_UP_EARLY -> jobs(Mutations::givenUp);
      case LEASE_NEVER -> deaf(WorkerCommand.ExpireLease.class);
      case EXIT_IGNORED -> deaf(WorkerCommand.RecordExit.class);
      case DRAIN_IGNORED -> deaf(WorkerCommand.DrainWorker.class);
      case RELEASE_FORGOTTEN -> deaf(WorkerCommand.ReleaseWorker.class);
      case DESTROY_ONCE -> new Rules(JobDecisions::decide, (worker, command, pool, flags, now) -> worker instanceof Worker.Terminating
          && command instanceof WorkerCommand.ExpireDeadline && flags.lifecycle() ? Verdict.refuse(Refusal.DUPLICATE) : WorkerDecisions.decide(worker, command, pool, flags, now));
      case CANARY_IGNORED -> new Rules(JobDecisions::decide, (worker, command, pool, flags, now) -> WorkerDecisions.decide(worker, command, pool,
          new Flags(flags.lifecycle(), true, 100), now));
      case CLEANUP_HELD -> new Rules(JobDecisions::decide, (worker, command, pool, flags, now) -> WorkerDecisions.decide(worker, command, pool,
          new Flags(flags.lifecycle(), false, 0), now));
      case BACKOFF_IGNORED -> jobs((job, command, now) -> retriedAt(JobDecisions.decide(job, command, now), due -> now));
      case BACKOFF_TOO_LONG -> jobs((job, command, now) -> retriedAt(JobDecisions.decide(job, command, now), due -> due.plusSeconds(60)));
      case SWITCH_IGNORED -> new Rules(JobDecisions::decide, (worker, command, pool, flags, now) -> WorkerDecisions.decide(worker, command, pool, Flags.ON, now));
      case RETRY_PAST_LIMIT -> jobs(Mutations::retriedPastLimit);
      case SUCCESS_RETRIED -> jobs(Mutations::successRetried);
      case null, default -> Rules.REAL;
    };
  }

  private static Rules deaf(Class<? extends WorkerCommand> to) {
    return new Rules(JobDecisions::decide, (worker, command, pool, flags, now) -> to.isInstance(command) && worker.state() != WorkerState.TERMINATING
        ? Verdict.refuse(Refusal.DUPLICATE) : WorkerDecisions.decide(worker, command, pool, flags, now));
  }

  private static Verdict<JobEvent> retriedAt(Verdict<JobEvent> right, UnaryOperator<Instant> when) {
    return right instanceof Verdict.Accepted<JobEvent>(var events) && events.size() == 3 && events.get(1) instanceof JobEvent.JobRetryScheduled retry
        && events.get(2) instanceof JobEvent.JobQueued queued ? Verdict.accept(events.getFirst(), new JobEvent.JobRetryScheduled(retry.attempt(), when.apply(retry.dueAt())),
            new JobEvent.JobQueued(when.apply(retry.dueAt()), queued.deadline())) : right;
  }

  private static Rules jobs(Rules.JobRule rule) {
    return new Rules(rule, WorkerDecisions::decide);
  }

  private static Verdict<JobEvent> retriedPastLimit(Job job, JobCommand command, Instant now) {
    Verdict<JobEvent> right = JobDecisions.decide(job, command, now);
    return right instanceof Verdict.Accepted<JobEvent>(var events) && events.size() == 2 && events.getLast() instanceof JobEvent.JobCompleted end
        && events.getFirst() instanceof JobEvent.JobAttemptEnded ended && !end.result().isSuccess() && job.head().cancel() == null
        && job.head().attempt() == job.head().spec().retry().maxAttempts() ? Verdict.accept(ended, new JobEvent.JobRetryScheduled(job.head().attempt() + 1, now),
            new JobEvent.JobQueued(now, now.plusSeconds(3_600))) : right;
  }

  private static Verdict<JobEvent> givenUp(Job job, JobCommand command, Instant now) {
    Verdict<JobEvent> right = JobDecisions.decide(job, command, now);
    return right instanceof Verdict.Accepted<JobEvent>(var events) && events.getFirst() instanceof JobEvent.JobAttemptEnded ended
        && events.getLast() instanceof JobEvent.JobQueued && ended.result().reason() == JobReason.WORKER_LOST
        ? Verdict.accept(ended, new JobEvent.JobCompleted(JobState.FAILED, ended.result())) : right;
  }

  private static Verdict<JobEvent> successRetried(Job job, JobCommand command, Instant now) {
    Verdict<JobEvent> right = JobDecisions.decide(job, command, now);
    return right instanceof Verdict.Accepted<JobEvent>(var events) && events.getLast() instanceof JobEvent.JobCompleted end
        && events.getFirst() instanceof JobEvent.JobAttemptEnded ended && end.result().isSuccess() ? Verdict.accept(ended,
            new JobEvent.JobRetryScheduled(job.head().attempt() + 1, now), new JobEvent.JobQueued(now, now.plusSeconds(3_600))) : right;
  }

  static void pools(World world, Shard shard) {
    PoolPolicy pool = shard.pool("default");
    if (pool == null || world.mutant == null) {
      return;
    }
    PoolTimes times = pool.times();
    Duration ever = Duration.ofHours(24);
    switch (world.mutant) {
      case CAPACITY_OFF_BY_ONE -> shard.apply(with(pool, pool.maxWorkers() + 1, pool.maxCreating() + 1, pool.maxJobs(), pool.keepOnFailure(), times));
      case SLOT_UNUSED -> shard.apply(with(pool, Math.max(1, pool.maxWorkers() - 1), pool.maxCreating(), pool.maxJobs(), pool.keepOnFailure(), times));
      case MAX_JOBS_IGNORED -> shard.apply(with(pool, pool.maxWorkers(), pool.maxCreating(), 0, pool.keepOnFailure(), times));
      case KEEP_IGNORED -> shard.apply(with(pool, pool.maxWorkers(), pool.maxCreating(), pool.maxJobs(), false, times));
      case LIFETIME_IGNORED -> shard.apply(lasting(pool, ever, times.ttlAfterCompletion(), times.idleTimeout()));
      case KEPT_TOO_LONG -> shard.apply(lasting(pool, times.maxLifetime(), times.ttlAfterCompletion().plusSeconds(60), times.idleTimeout()));
      case IDLE_FOR_EVER -> shard.apply(lasting(pool, times.maxLifetime(), times.ttlAfterCompletion(), ever));
      default -> {
      }
    }
  }

  private static PoolPolicy with(PoolPolicy pool, int maxWorkers, int maxCreating, int maxJobs, boolean keepOnFailure, PoolTimes times) {
    return new PoolPolicy(pool.name(), pool.providers(), pool.mode(), maxWorkers, maxCreating, maxJobs, pool.autoCleanup(), pool.orphanDetection(), keepOnFailure,
        pool.template(), times, pool.generation());
  }

  private static PoolPolicy lasting(PoolPolicy pool, Duration lifetime, Duration ttl, Duration idle) {
    PoolTimes times = pool.times();
    return with(pool, pool.maxWorkers(), pool.maxCreating(), pool.maxJobs(), pool.keepOnFailure(), new PoolTimes(lifetime, times.maxJobTimeout(), ttl, idle,
        times.gracefulTermination(), times.createTimeout(), times.connectTimeout(), times.orphanCheckInterval()));
  }

  static void tookOver(World world, int epoch, Shard shard, Instant now) {
    if (world.mutant == Mutant.LEASE_AT_TAKEOVER && epoch > 1) {
      Flags flags = shard.flags();
      shard.apply(new Flags(false, false, 0));
      for (Instant at = now.minus(LEASE).minusSeconds(2); at.isBefore(now); at = at.plusSeconds(2)) {
        shard.handle(new Input.SessionsSeen(Map.of()), new Cause("absence", "dispatcher", null), at, new Outcome());
      }
      shard.apply(flags);
    }
  }

  /// What the dispatcher takes a report for.
  static List<WorkerReport> reported(World world, WorkerReport report) {
    String id = report.getWorkerId();
    Worker worker = id == null ? null : world.broker.workers.get(new WorkerId(id));
    boolean known = worker != null && worker.head().bootId() != null;
    if (world.mutant == Mutant.EPOCH_IGNORED && report.getType().equals("Ended")) {
      return List.of(ofTheCurrent(world, report));
    }
    if (world.mutant == Mutant.UNKNOWN_WORD && report.getType().equals("CreateFailed")) {
      return List.of(WorkerReport.newBuilder(report).setReason("NO_IDEA").build());
    }
    if (world.mutant == Mutant.RETRY_UNPROVED && report.getType().equals("Exited") && known && worker.head().binding() instanceof Binding attempt) {
      return List.of(WorkerReport.newBuilder().setType("Ended").setReportId("r").setAt(report.getAt()).setReporter("gateway").setWorkerId(id)
          .setBootId(worker.head().bootId()).setJobId(attempt.job().value()).setAttempt(attempt.attempt()).setEpoch(attempt.epoch())
          .setReason("WORKER_LOST").build(), report);
    }
    return List.of(report);
  }

  private static WorkerReport ofTheCurrent(World world, WorkerReport report) {
    String told = report.getJobId();
    Job job = told == null ? null : world.broker.jobs.get(new JobId(told));
    Assignment now = job == null ? null : job.assignment();
    Worker worker = now == null ? null : world.broker.workers.get(now.worker());
    return now == null || worker == null || worker.head().bootId() == null ? report : WorkerReport.newBuilder(report).setWorkerId(now.worker().value())
        .setBootId(worker.head().bootId()).setEpoch(now.epoch()).setAttempt(now.attempt()).build();
  }

  /// What becomes of an effect; null: nothing.
  static @Nullable Effect told(World world, Effect effect) {
    if ((world.mutant == Mutant.CANCEL_UNTOLD && effect instanceof Effect.CancelAssignment)
        || (world.mutant == Mutant.OFFER_UNTOLD && effect instanceof Effect.OfferJob)) {
      return null;
    }
    return world.mutant == Mutant.TIMEOUT_UNTOLD && effect instanceof Effect.OfferJob offer ? new Effect.OfferJob(offer.worker(), offer.tokenHash(), offer.job(),
        offer.assignment(), offer.timeout().multipliedBy(10), offer.graceful(), offer.env(), offer.number(), offer.mode(), offer.keepOnFailure()) : effect;
  }

  /// What the gateway takes the token of a caller for.
  static String token(World world, Worker worker, String brought) {
    String own = worker.head().tokenHash();
    return world.mutant == Mutant.ANY_TOKEN && own != null ? own : brought;
  }

  /// Another worker that gets the same offer.
  static @Nullable Effect secondOffer(World world, Effect effect) {
    if (world.mutant != Mutant.SECOND_OFFER || !(effect instanceof Effect.OfferJob offer)) {
      return null;
    }
    for (Map.Entry<WorkerId, Worker> other : world.broker.workers.entrySet()) {
      String token = other.getValue().head().tokenHash();
      if (token != null && other.getValue().isConnected() && !other.getKey().equals(offer.worker())) {
        return new Effect.OfferJob(other.getKey(), token, offer.job(), offer.assignment(), offer.timeout(), offer.graceful(), offer.env(), offer.number() + 1, offer.mode(),
            offer.keepOnFailure());
      }
    }
    return null;
  }

  static io.hodei.schemas.Worker seenByGc(World world, io.hodei.schemas.Worker row) {
    return world.mutant == Mutant.GC_KILLS_BUSY && row.getState().equals("BUSY")
        ? io.hodei.schemas.Worker.newBuilder(row).setState("TERMINATED").setTerminatedAt(row.getStateSince()).build() : row;
  }
}
