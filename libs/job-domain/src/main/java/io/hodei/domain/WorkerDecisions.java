package io.hodei.domain;

import io.hodei.domain.Worker.Busy;
import io.hodei.domain.Worker.Connecting;
import io.hodei.domain.Worker.Creating;
import io.hodei.domain.Worker.Draining;
import io.hodei.domain.Worker.Ready;
import io.hodei.domain.Worker.Terminated;
import io.hodei.domain.Worker.Terminating;
import io.hodei.domain.WorkerCommand.BindAttempt;
import io.hodei.domain.WorkerCommand.CollectWorker;
import io.hodei.domain.WorkerCommand.Connect;
import io.hodei.domain.WorkerCommand.DestroyWorker;
import io.hodei.domain.WorkerCommand.DrainWorker;
import io.hodei.domain.WorkerCommand.ExpireDeadline;
import io.hodei.domain.WorkerCommand.ExpireLease;
import io.hodei.domain.WorkerCommand.FinishAttempt;
import io.hodei.domain.WorkerCommand.HurryAttempt;
import io.hodei.domain.WorkerCommand.RecordBeat;
import io.hodei.domain.WorkerCommand.RecordClean;
import io.hodei.domain.WorkerCommand.RecordCreateFailure;
import io.hodei.domain.WorkerCommand.RecordCreation;
import io.hodei.domain.WorkerCommand.RecordDestroyFailure;
import io.hodei.domain.WorkerCommand.RecordExit;
import io.hodei.domain.WorkerCommand.RecordGhost;
import io.hodei.domain.WorkerCommand.RecordGone;
import io.hodei.domain.WorkerCommand.RecordStart;
import io.hodei.domain.WorkerCommand.RecordToken;
import io.hodei.domain.WorkerCommand.ReleaseWorker;
import io.hodei.domain.WorkerCommand.ReportFailure;
import io.hodei.domain.WorkerCommand.RetireWorker;
import io.hodei.domain.WorkerCommand.ReviseDeadline;
import io.hodei.domain.WorkerEvent.DeadlineMoved;
import io.hodei.domain.WorkerEvent.DestroyBegun;
import io.hodei.domain.WorkerEvent.DestroyRepeated;
import io.hodei.domain.WorkerEvent.ReferenceRecorded;
import io.hodei.domain.WorkerEvent.StartRecorded;
import io.hodei.domain.WorkerEvent.TokenRecorded;
import io.hodei.domain.WorkerEvent.WorkerBusy;
import io.hodei.domain.WorkerEvent.WorkerCleanedUp;
import io.hodei.domain.WorkerEvent.WorkerConnected;
import io.hodei.domain.WorkerEvent.WorkerConnectionRefused;
import io.hodei.domain.WorkerEvent.WorkerCreated;
import io.hodei.domain.WorkerEvent.WorkerDestroyFailed;
import io.hodei.domain.WorkerEvent.WorkerDraining;
import io.hodei.domain.WorkerEvent.WorkerFailedSelfReported;
import io.hodei.domain.WorkerEvent.WorkerHeartbeat;
import io.hodei.domain.WorkerEvent.WorkerIdleTimeout;
import io.hodei.domain.WorkerEvent.WorkerJobCompleted;
import io.hodei.domain.WorkerEvent.WorkerLost;
import io.hodei.domain.WorkerEvent.WorkerReady;
import io.hodei.domain.WorkerEvent.WorkerTerminated;
import io.hodei.domain.WorkerEvent.WorkerTerminating;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What follows from a command to a worker, for every state: the heart's worker half. Pure.
public final class WorkerDecisions {
  private record Step(Worker worker, WorkerCommand command) {}

  /// A beat is an event at most this often.
  static final Duration BEAT_EVENT = Duration.ofMinutes(1);

  private WorkerDecisions() {}

  /// The events that `command` leads to at `now` under `pool` and `flags`, or the reason why it leads to none.
  public static Verdict<WorkerEvent> decide(Worker worker, WorkerCommand command, PoolPolicy pool, Flags flags, Instant now) {
    return switch (new Step(worker, command)) {
      case Step(Terminated w, RecordClean c) when w.cleanedAt() == null -> Verdict.accept(new WorkerCleanedUp(now.plus(PoolPolicy.REMEMBERED)));
      case Step(Terminated w, WorkerCommand c) -> Verdict.refuse(Refusal.ALREADY_TERMINAL);

      case Step(Terminating w, RecordGone c) -> Verdict.accept(new WorkerTerminated(c.goneAt()));
      case Step(Terminating w, RecordDestroyFailure c) ->
          Verdict.accept(new WorkerDestroyFailed(c.message(), now.plus(PoolPolicy.destroyAgainAfter(w.tries()))));
      case Step(Terminating w, ExpireDeadline c) when !flags.lifecycle() -> Verdict.accept(new DeadlineMoved(now.plus(PoolPolicy.HELD)));
      case Step(Terminating w, CollectWorker c) when !flags.lifecycle() -> Verdict.refuse(Refusal.LIFECYCLE_OFF);
      case Step(Terminating w, DestroyWorker c) when !flags.lifecycle() -> Verdict.refuse(Refusal.LIFECYCLE_OFF);
      case Step(Terminating w, ExpireDeadline c) when w.isHeld() -> begin(w, w.ending().cause(), pool, now);
      case Step(Terminating w, CollectWorker c) when w.isHeld() -> begin(w, w.ending().cause(), pool, now);
      case Step(Terminating w, DestroyWorker c) when w.isHeld() -> begin(w, DestroyCause.MANUAL, pool, now);
      case Step(Terminating w, ExpireDeadline c) -> Verdict.accept(new DestroyRepeated(now.plus(PoolPolicy.destroyAgainAfter(w.tries() + 1))));
      case Step(Terminating w, RecordCreation c) when c.providerRef() != null -> Verdict.accept(new ReferenceRecorded(c.providerRef()));
      case Step(Terminating w, WorkerCommand c) -> Verdict.refuse(Refusal.ALREADY_TERMINAL);

      case Step(Draining w, WorkerCommand c) when w.isKept() -> kept(w, c, pool, flags, now);

      case Step(Worker w, RecordGone c) -> Verdict.refuse(Refusal.NOT_IN_THIS_STATE);
      case Step(Worker w, CollectWorker c) -> Verdict.refuse(Refusal.NOT_IN_THIS_STATE);
      case Step(Worker w, RecordDestroyFailure c) -> Verdict.refuse(Refusal.NOT_IN_THIS_STATE);
      case Step(Worker w, RecordClean c) -> Verdict.refuse(Refusal.NOT_IN_THIS_STATE);
      case Step(Worker w, DestroyWorker c) -> terminate(w, pool, flags, now, destroyedBy(c.actor()));
      case Step(Worker w, RecordExit c) -> died(w, c, pool, flags, now);
      case Step(Worker w, ExpireLease c) when w.isConnected() -> lost(w, pool, flags, now, DestroyCause.GC, c.message());
      case Step(Worker w, ExpireLease c) -> Verdict.refuse(Refusal.NOT_IN_THIS_STATE);
      case Step(Creating w, RecordGhost c) -> Verdict.refuse(Refusal.NOT_IN_THIS_STATE);
      case Step(Worker w, RecordGhost c) when c.observedSequence() == w.head().sequence() ->
          lost(w, pool, flags, now, w.head().attemptEndedAt() == null ? DestroyCause.SELF : DestroyCause.GC, "Two complete inventories did not have it.");
      case Step(Worker w, RecordGhost c) -> Verdict.refuse(Refusal.STALE_EPOCH);
      case Step(Worker w, ReleaseWorker c) -> terminate(w, pool, flags, now, new Ending(TerminationReason.JOB_COMPLETED, DestroyCause.IMMEDIATE,
          JobReason.CANCELLED, Category.USER_CODE, c.message()));
      case Step(Worker w, RecordToken c) -> w.head().bootId() == null
          ? Verdict.accept(new TokenRecorded(c.hash())) : Verdict.refuse(Refusal.DUPLICATE);

      case Step(Creating w, RecordCreation c) -> Verdict.accept(new WorkerCreated(c.providerRef(), pool.times().ttlAfterCompletion(), now.plus(pool.times().connectTimeout())));
      case Step(Worker w, RecordCreation c) -> c.providerRef() != null && w.head().providerRef() == null
          ? Verdict.accept(new ReferenceRecorded(c.providerRef())) : Verdict.refuse(Refusal.DUPLICATE);
      case Step(Creating w, RecordCreateFailure c) -> terminate(w, pool, flags, now, new Ending(TerminationReason.PROVIDER_ERROR, DestroyCause.GC,
          c.jobReason(), c.jobReason() == JobReason.IMAGE_ERROR ? Category.IMAGE : Category.PROVIDER, c.message(), c.advice()));
      case Step(Worker w, RecordCreateFailure c) -> Verdict.refuse(Refusal.NOT_IN_THIS_STATE);

      case Step(Creating w, Connect c) -> connect(w, c, pool, now);
      case Step(Connecting w, Connect c) -> connect(w, c, pool, now);
      case Step(Worker w, Connect c) -> c.bootId().equals(w.head().bootId())
          ? Verdict.refuse(Refusal.DUPLICATE) : Verdict.accept(new WorkerConnectionRefused(c.bootId()));

      case Step(Ready w, BindAttempt c) when w.isIdle() -> Verdict.accept(new WorkerBusy(c.binding(), now.plus(pool.times().connectTimeout())));
      case Step(Worker w, BindAttempt c) -> Verdict.refuse(Refusal.NOT_IN_THIS_STATE);
      case Step(Ready w, ReviseDeadline c) when w.isIdle() -> Verdict.accept(new DeadlineMoved(pool.idleUntil(w.head(), w.head().since())));
      case Step(Worker w, ReviseDeadline c) -> Verdict.refuse(Refusal.NOT_IN_THIS_STATE);
      case Step(Ready w, RetireWorker c) when w.isIdle() -> terminate(w, pool, flags, now, new Ending(TerminationReason.JOB_COMPLETED, DestroyCause.GC,
          JobReason.WORKER_LOST, Category.INFRASTRUCTURE, c.message()));
      case Step(Worker w, RetireWorker c) -> Verdict.refuse(Refusal.NOT_IN_THIS_STATE);
      case Step(Busy w, RecordStart c) -> started(w.head().binding(), now);
      case Step(Draining w, RecordStart c) -> started(w.head().binding(), now);
      case Step(Worker w, RecordStart c) -> Verdict.refuse(Refusal.NOT_IN_THIS_STATE);
      case Step(Busy w, FinishAttempt c) -> finished(w, c, pool, flags, now);
      case Step(Draining w, FinishAttempt c) -> finished(w, c, pool, flags, now);
      case Step(Worker w, FinishAttempt c) -> Verdict.refuse(Refusal.NOT_IN_THIS_STATE);
      case Step(Busy w, HurryAttempt c) -> Verdict.accept(new DeadlineMoved(earlier(w.deadline(), c.by())));
      case Step(Draining w, HurryAttempt c) -> Verdict.accept(new DeadlineMoved(earlier(w.deadline(), c.by())));
      case Step(Worker w, HurryAttempt c) -> Verdict.refuse(Refusal.NOT_IN_THIS_STATE);

      case Step(Worker w, RecordBeat c) when w.isConnected() && beatIsDue(w, now) -> Verdict.accept(new WorkerHeartbeat());
      case Step(Worker w, RecordBeat c) -> Verdict.refuse(Refusal.DUPLICATE);
      case Step(Worker w, ReportFailure c) -> failed(w, c, pool, flags, now);
      case Step(Ready w, DrainWorker c) -> Verdict.accept(new WorkerDraining(c.actor(), w.deadline()), terminating(pool, flags, now,
          new Ending(TerminationReason.MANUAL, DestroyCause.MANUAL, JobReason.WORKER_LOST, Category.INFRASTRUCTURE, "It was drained by " + c.actor() + " and had no job.")));
      case Step(Busy w, DrainWorker c) -> Verdict.accept(new WorkerDraining(c.actor(), w.deadline()));
      case Step(Draining w, DrainWorker c) -> Verdict.refuse(Refusal.DUPLICATE);
      case Step(Creating w, DrainWorker c) -> Verdict.refuse(Refusal.NOT_IN_THIS_STATE);
      case Step(Connecting w, DrainWorker c) -> Verdict.refuse(Refusal.NOT_IN_THIS_STATE);

      case Step(Creating w, ExpireDeadline c) when isUnheard(w.deadline(), c) -> hearOut(w.deadline(), c, now.plus(pool.times().createTimeout()));
      case Step(Connecting w, ExpireDeadline c) when isUnheard(w.deadline(), c) -> hearOut(w.deadline(), c, now.plus(pool.times().connectTimeout()));
      case Step(Busy w, ExpireDeadline c) when isUnheard(w.deadline(), c) -> hearOut(w.deadline(), c, toStart(w, c, pool, now));
      case Step(Draining w, ExpireDeadline c) when isUnheard(w.deadline(), c) -> hearOut(w.deadline(), c, toStart(w, c, pool, now));
      case Step(Creating w, ExpireDeadline c) -> terminate(w, pool, flags, now, new Ending(TerminationReason.PROVIDER_ERROR, DestroyCause.GC,
          JobReason.PROVISION_FAILED, Category.PROVIDER, "Its worker was not created within " + pool.times().createTimeout().toSeconds() + " s."));
      case Step(Connecting w, ExpireDeadline c) -> terminate(w, pool, flags, now, new Ending(TerminationReason.CONNECT_TIMEOUT, DestroyCause.GC,
          JobReason.START_FAILED, Category.INFRASTRUCTURE, "Its worker's agent did not call within " + pool.times().connectTimeout().toSeconds() + " s."));
      case Step(Ready w, ExpireDeadline c) -> idleForTooLong(w, pool, flags, now);
      case Step(Busy w, ExpireDeadline c) -> overdue(w, pool, flags, now);
      case Step(Draining w, ExpireDeadline c) -> overdue(w, pool, flags, now);
    };
  }

  /// Whether what happened before the deadline may be told by something that is still to be read.
  private static boolean isUnheard(Instant deadline, ExpireDeadline command) {
    return deadline.isBefore(command.heardOut());
  }

  /// What had to begin while nobody listened gets its `whole` time again: those who were to do it may have been away, too. Stored, so that who is away
  /// again and again cannot put it off for ever.
  private static Verdict<WorkerEvent> hearOut(Instant deadline, ExpireDeadline command, Instant whole) {
    return Verdict.accept(new DeadlineMoved(deadline.isBefore(command.listeningSince()) && whole.isAfter(command.heardOut()) ? whole : command.heardOut()));
  }

  private static Instant toStart(Worker worker, ExpireDeadline command, PoolPolicy pool, Instant now) {
    return worker.head().startedAt() == null ? now.plus(pool.times().connectTimeout()) : command.heardOut();
  }

  private static Verdict<WorkerEvent> connect(Worker worker, Connect command, PoolPolicy pool, Instant now) {
    List<WorkerEvent> events = new ArrayList<>();
    Instant deadline = now.plus(pool.times().connectTimeout());
    if (worker.state() == WorkerState.CREATING) {
      events.add(new WorkerCreated(null, pool.times().ttlAfterCompletion(), deadline));
    }
    events.add(new WorkerConnected(command.bootId()));
    events.add(new WorkerReady(deadline));
    if (worker.head().binding() != null) {
      events.add(new WorkerBusy(worker.head().binding(), deadline));
    }
    return new Verdict.Accepted<>(events);
  }

  private static Verdict<WorkerEvent> started(@Nullable Binding attempt, Instant now) {
    return attempt == null ? Verdict.refuse(Refusal.NOT_IN_THIS_STATE)
        : Verdict.accept(new StartRecorded(now.plus(attempt.timeout()).plus(PoolPolicy.LIFETIME_MARGIN)));
  }

  private static Verdict<WorkerEvent> finished(Worker worker, FinishAttempt command, PoolPolicy pool, Flags flags, Instant now) {
    WorkerEvent completed = new WorkerJobCompleted(command.result());
    Binding attempt = worker.head().binding();
    if (command.end() != null && pool.keeps(command.end())) {
      Instant until = pool.keptUntil(worker.head(), now);
      return Verdict.accept(completed, worker instanceof Draining ? new DeadlineMoved(until) : new WorkerDraining(null, until));
    }
    if (worker instanceof Busy && command.unfit() == null && takesAnother(worker.head(), pool, now)) {
      return Verdict.accept(completed, new WorkerReady(pool.idleUntil(worker.head(), now)));
    }
    boolean immediate = flags.lifecycle() && attempt != null && flags.immediateFor(attempt.job());
    Ending ending = new Ending(TerminationReason.JOB_COMPLETED, immediate ? DestroyCause.IMMEDIATE : DestroyCause.GC, command.result().reason(),
        Category.INFRASTRUCTURE, command.unfit() == null ? ended(worker.head(), pool, now) : command.unfit());
    return Verdict.accept(completed, immediate ? terminating(pool, flags, now, ending)
        : new WorkerTerminating(ending, true, now.plus(PoolPolicy.COLLECTED_BY)));
  }

  /// After the attempt that it ends now.
  private static boolean takesAnother(WorkerHead worker, PoolPolicy pool, Instant now) {
    return worker.mode() == WorkerMode.REUSABLE && pool.mode() == WorkerMode.REUSABLE && now.isBefore(worker.livesUntil())
        && (pool.maxJobs() == 0 || worker.jobsRun() + 1 < pool.maxJobs());
  }

  private static String ended(WorkerHead worker, PoolPolicy pool, Instant now) {
    if (worker.mode() == WorkerMode.EPHEMERAL) {
      return "Its attempt ended.";
    }
    return !now.isBefore(worker.livesUntil()) ? "Its attempt ended, and it has lived for " + DurationText.of(worker.lifetime()) + ", the maxLifetime of its pool."
        : "Its attempt ended, its " + (worker.jobsRun() + 1) + "th; its pool " + (pool.mode() == WorkerMode.EPHEMERAL ? "reuses workers no more."
            : pool.maxJobs() > 0 ? "allows " + pool.maxJobs() + "." : "gives it no other.");
  }

  private static Verdict<WorkerEvent> idleForTooLong(Ready worker, PoolPolicy pool, Flags flags, Instant now) {
    if (!now.isBefore(worker.head().livesUntil())) {
      return terminate(worker, pool, flags, now, new Ending(TerminationReason.MAX_LIFETIME, DestroyCause.GC, JobReason.MAX_LIFETIME, Category.TIMEOUT,
          "It has lived for " + DurationText.of(worker.head().lifetime()) + ", the maxLifetime of its pool."));
    }
    if (pool.mode() == WorkerMode.EPHEMERAL && worker.isIdle()) {
      return terminate(worker, pool, flags, now, new Ending(TerminationReason.JOB_COMPLETED, DestroyCause.GC, JobReason.WORKER_LOST,
          Category.INFRASTRUCTURE, "Its pool reuses workers no more."));
    }
    Duration idle = Duration.between(worker.head().since(), now);
    return Verdict.accept(new WorkerIdleTimeout(idle), terminating(pool, flags, now, new Ending(TerminationReason.IDLE_TIMEOUT, DestroyCause.GC,
        JobReason.START_FAILED, Category.INFRASTRUCTURE, "It was idle for " + idle.toMillis() + " ms.")));
  }

  /// Its attempt has ended and nothing of it runs; what is left is for somebody to look at.
  private static Verdict<WorkerEvent> kept(Draining worker, WorkerCommand command, PoolPolicy pool, Flags flags, Instant now) {
    return switch (command) {
      case ExpireDeadline c -> terminate(worker, pool, flags, now, expired("It was kept after the end of its attempt until now."));
      case RecordGhost c when c.observedSequence() == worker.head().sequence() ->
          terminate(worker, pool, flags, now, expired("It was kept, and two complete inventories did not have it."));
      case DestroyWorker c -> terminate(worker, pool, flags, now, destroyedBy(c.actor()));
      case ReviseDeadline c when worker.head().attemptEndedAt() instanceof Instant ended ->
          Verdict.accept(new DeadlineMoved(pool.keptUntil(worker.head(), ended)));
      case DrainWorker c -> Verdict.refuse(Refusal.DUPLICATE);
      default -> Verdict.refuse(Refusal.NOT_IN_THIS_STATE);
    };
  }

  private static Ending expired(String message) {
    return new Ending(TerminationReason.TTL_EXPIRED, DestroyCause.GC, JobReason.WORKER_LOST, Category.INFRASTRUCTURE, message);
  }

  private static Ending destroyedBy(String actor) {
    return new Ending(TerminationReason.MANUAL, DestroyCause.MANUAL, JobReason.WORKER_LOST, Category.INFRASTRUCTURE,
        "Its worker was destroyed by " + actor + ".");
  }

  private static Verdict<WorkerEvent> lost(Worker worker, PoolPolicy pool, Flags flags, Instant now, DestroyCause cause, String message) {
    return Verdict.accept(new WorkerLost(message), terminating(pool, flags, now,
        new Ending(TerminationReason.LOST, cause, JobReason.WORKER_LOST, Category.INFRASTRUCTURE, message)));
  }

  private static Verdict<WorkerEvent> died(Worker worker, RecordExit exit, PoolPolicy pool, Flags flags, Instant now) {
    Category category = switch (exit.reason()) {
      case OOM_KILLED -> Category.RESOURCE;
      case IMAGE_ERROR -> Category.IMAGE;
      case PROVISION_FAILED -> Category.PROVIDER;
      case MAX_LIFETIME -> Category.TIMEOUT;
      default -> Category.INFRASTRUCTURE;
    };
    return Verdict.accept(new WorkerLost(exit.message()), terminating(pool, flags, now,
        new Ending(TerminationReason.LOST, DestroyCause.SELF, exit.reason(), category, exit.message(), exit.advice())));
  }

  private static Verdict<WorkerEvent> failed(Worker worker, ReportFailure command, PoolPolicy pool, Flags flags, Instant now) {
    return Verdict.accept(new WorkerFailedSelfReported(command.message()), terminating(pool, flags, now, new Ending(TerminationReason.SELF_REPORTED,
        DestroyCause.SELF, JobReason.WORKER_LOST, Category.INFRASTRUCTURE, command.message())));
  }

  private static Verdict<WorkerEvent> overdue(Worker worker, PoolPolicy pool, Flags flags, Instant now) {
    return terminate(worker, pool, flags, now, worker.head().startedAt() == null
        ? new Ending(TerminationReason.CONNECT_TIMEOUT, DestroyCause.GC, JobReason.START_FAILED, Category.INFRASTRUCTURE,
            "Its worker connected and did not start it within " + pool.times().connectTimeout().toSeconds() + " s.")
        : new Ending(TerminationReason.MAX_LIFETIME, DestroyCause.GC, JobReason.MAX_LIFETIME, Category.TIMEOUT,
            "Its worker outlived the attempt's limit."));
  }

  private static Verdict<WorkerEvent> terminate(Worker worker, PoolPolicy pool, Flags flags, Instant now, Ending ending) {
    return Verdict.accept(terminating(pool, flags, now, ending));
  }

  /// Asked for at once, or held while the lifecycle is switched off.
  private static WorkerTerminating terminating(PoolPolicy pool, Flags flags, Instant now, Ending ending) {
    return flags.lifecycle() ? new WorkerTerminating(ending, false, askedAgain(ending, pool, now))
        : new WorkerTerminating(ending, true, now.plus(PoolPolicy.HELD));
  }

  private static Verdict<WorkerEvent> begin(Terminating worker, DestroyCause cause, PoolPolicy pool, Instant now) {
    return Verdict.accept(new DestroyBegun(cause, askedAgain(worker.ending(), pool, now)));
  }

  private static Instant askedAgain(Ending ending, PoolPolicy pool, Instant now) {
    return now.plus(PoolPolicy.destroyAgainAfter(1)).plus(graceOf(ending, pool));
  }

  /// The time between the polite and the forced kill of a worker that ends so: none when nothing runs or may run any more.
  static Duration graceOf(Ending ending, PoolPolicy pool) {
    return ending.reason() == TerminationReason.MANUAL || ending.reason() == TerminationReason.MAX_LIFETIME
        ? pool.times().gracefulTermination() : Duration.ZERO;
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  private static boolean beatIsDue(Worker worker, Instant now) {
    Instant last = worker.head().lastHeartbeatAt();
    return last == null || !now.isBefore(last.plus(BEAT_EVENT));
  }
}
