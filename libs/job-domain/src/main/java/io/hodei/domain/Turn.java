package io.hodei.domain;

import io.hodei.domain.JobEvent.JobAssigned;
import io.hodei.domain.JobEvent.JobCancelRequested;
import io.hodei.domain.JobEvent.JobCompleted;
import io.hodei.domain.JobEvent.JobScheduled;
import io.hodei.domain.WorkerEvent.DestroyBegun;
import io.hodei.domain.WorkerEvent.DestroyRepeated;
import io.hodei.domain.WorkerEvent.TokenRecorded;
import io.hodei.domain.WorkerEvent.WorkerBusy;
import io.hodei.domain.WorkerEvent.WorkerConnectionRefused;
import io.hodei.domain.WorkerEvent.WorkerProvisioningRequested;
import io.hodei.domain.WorkerEvent.WorkerTerminated;
import io.hodei.domain.WorkerEvent.WorkerTerminating;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One decision in the making: reads the rows, collects what follows, changes nothing. What a job's event means for its worker, and
/// the other way, is said here, in [#follow].
final class Turn {
  private final Rows rows;
  private final Map<String, PoolPolicy> pools;
  private final ShardLimits limits;
  private final Rules rules;
  private final Flags flags;
  private final Instant now;
  private final Cause cause;
  private final Outcome outcome = new Outcome();

  Turn(Rows rows, Map<String, PoolPolicy> pools, ShardLimits limits, Rules rules, Flags flags, Instant now, Cause cause) {
    this.rows = rows;
    this.pools = pools;
    this.limits = limits;
    this.rules = rules;
    this.flags = flags;
    this.now = now;
    this.cause = cause;
  }

  Outcome outcome() {
    return outcome;
  }

  Instant now() {
    return now;
  }

  @Nullable Job job(JobId id) {
    Job changed = outcome.jobs().get(id);
    return changed == null ? rows.job(id) : changed;
  }

  @Nullable Worker worker(WorkerId id) {
    return outcome.workers().containsKey(id) ? outcome.workers().get(id) : rows.worker(id);
  }

  PoolPolicy pool(String name) {
    PoolPolicy pool = pools.get(name);
    if (pool == null) {
      throw new IllegalStateException("Expected pool " + name + " to be known, but it is not");
    }
    return pool;
  }

  /// Puts `command` to a job; true when it was accepted.
  boolean ask(JobId id, JobCommand command) {
    Job job = job(id);
    if (job == null) {
      return refused(Refusal.UNKNOWN_JOB);
    }
    return switch (rules.jobs().decide(job, command, now)) {
      case Verdict.Accepted<JobEvent>(var events) -> {
        events.forEach(event -> record(id, event));
        yield true;
      }
      case Verdict.Refused<JobEvent>(var refusal) -> refused(refusal);
    };
  }

  /// Puts `command` to a worker; true when it was accepted.
  boolean ask(WorkerId id, WorkerCommand command) {
    Worker worker = worker(id);
    if (worker == null) {
      return refused(Refusal.UNKNOWN_WORKER);
    }
    return switch (rules.workers().decide(worker, command, pool(worker.head().pool()), flags, now)) {
      case Verdict.Accepted<WorkerEvent>(var events) -> {
        events.forEach(event -> record(id, event));
        yield true;
      }
      case Verdict.Refused<WorkerEvent>(var refusal) -> refused(refusal);
    };
  }

  boolean refused(Refusal refusal) {
    outcome.refusals().add(refusal);
    return false;
  }

  void record(JobId id, JobEvent event) {
    Job before = job(id);
    Job after = JobEvolution.evolve(before, event, now);
    outcome.jobs().put(id, after);
    outcome.events().add(new Recorded.OfJob(event, before, after, now, cause));
    follow(before, after, event);
  }

  void record(WorkerId id, WorkerEvent event) {
    Worker before = worker(id);
    Worker after = WorkerEvolution.evolve(before, event, now);
    outcome.workers().put(id, after);
    if (!(event instanceof WorkerEvent.Silent)) {
      outcome.events().add(new Recorded.OfWorker(event, before, after, now, cause));
    }
    follow(after, event);
  }

  void record(Provider after, ProviderEvent event) {
    outcome.providers().put(after.id(), after);
    outcome.events().add(new Recorded.OfProvider(event, after, now, cause));
  }

  void effect(Effect effect) {
    outcome.effects().add(effect);
  }

  private void follow(@Nullable Job before, Job after, JobEvent event) {
    switch (event) {
      case JobScheduled e -> provision(after, e);
      case JobAssigned e when before instanceof Job.Pending -> bind(after, e.assignment());
      case JobCancelRequested e when after instanceof Job.Running running -> {
        effect(new Effect.CancelAssignment(running.assignment().worker(), running.id(), running.assignment().epoch()));
        Duration patience = pool(after.head().spec().pool()).times().gracefulTermination().plus(limits.cancelMargin());
        ask(running.assignment().worker(), new WorkerCommand.HurryAttempt(now.plus(patience)));
      }
      case JobCompleted e -> {
        remember(after);
        Assignment unstarted = before == null || before.head().cancel() == null || before.state() == JobState.RUNNING ? null : before.assignment();
        if (unstarted != null) {
          ask(unstarted.worker(), new WorkerCommand.ReleaseWorker("Its job was cancelled before it started."));
        }
      }
      default -> {
      }
    }
  }

  private void follow(Worker worker, WorkerEvent event) {
    WorkerId id = worker.id();
    Binding binding = worker.head().binding();
    switch (event) {
      case WorkerProvisioningRequested e -> make(worker, e);
      case TokenRecorded e -> offer(worker);
      case WorkerBusy e when job(e.binding().job()) instanceof Job.Scheduled -> ask(e.binding().job(), new JobCommand.AssignJob(id));
      case WorkerConnectionRefused e -> effect(new Effect.RefuseBoot(id, e.bootId()));
      case WorkerTerminating e when e.held() -> {
      }
      case WorkerTerminating e -> destroy(worker, 1);
      case DestroyBegun e -> destroy(worker, 1);
      case DestroyRepeated e -> destroy(worker, worker instanceof Worker.Terminating w ? w.tries() : 1);
      case WorkerTerminated e when worker instanceof Worker.Terminated gone -> proveDead(binding, id, gone.ending());
      default -> {
      }
    }
  }

  /// The infrastructure is gone, so is the attempt, unless it had ended before.
  void proveDead(@Nullable Binding binding, WorkerId id, Ending ending) {
    Job job = binding == null ? null : job(binding.job());
    Assignment assignment = job == null ? null : job.assignment();
    if (binding != null && assignment != null && assignment.worker().equals(id) && assignment.epoch() == binding.epoch()) {
      ask(binding.job(), new JobCommand.EndAttempt(id, binding.epoch(),
          AttemptResult.failure(ending.jobReason(), ending.category(), ending.message(), adviceFor(ending))));
    }
  }

  private static String adviceFor(Ending ending) {
    if (ending.advice() != null) {
      return ending.advice();
    }
    if (ending.jobReason() == JobReason.OOM_KILLED) {
      return "Give the job more memory: resources.memory, or --memory.";
    }
    if (ending.jobReason() == JobReason.IMAGE_ERROR) {
      return "Correct the image's name, or bring it to the engine: docker pull, docker load or docker import.";
    }
    return switch (ending.reason()) {
      case CONNECT_TIMEOUT -> "See whether the worker can reach the gateway, and the agent's log.";
      case PROVIDER_ERROR -> "See lifecycle-service's log; ./hodei doctor tells what this machine lacks.";
      case MAX_LIFETIME -> "Give the job a longer timeout.";
      default -> "Allow another attempt: retry.maxAttempts.";
    };
  }

  private void provision(Job job, JobScheduled event) {
    Assignment assignment = event.assignment();
    PoolPolicy pool = pool(job.head().spec().pool());
    Binding binding = binding(job, assignment, pool);
    record(assignment.worker(), new WorkerProvisioningRequested(assignment.worker(), pool.name(), event.provider(), event.providerId(), pool.mode(),
        pool.template().shapeOf(job.head().spec(), event.provider()), pool.lifetimeOf(binding.timeout()), binding, now.plus(pool.times().createTimeout())));
  }

  private void make(Worker worker, WorkerProvisioningRequested event) {
    Binding binding = worker.head().binding();
    Job job = binding == null ? null : job(binding.job());
    PoolPolicy pool = pool(event.pool());
    PoolTemplate template = pool.template();
    effect(new Effect.ProvisionWorker(worker.id(), worker.head(), event.deadline(), job == null ? template.image() : template.imageOf(job.head().spec()),
        job == null ? template.resources() : template.resourcesOf(job.head().spec()),
        job == null ? template.providerConfig() : template.providerConfigOf(job.head().spec(), event.provider()),
        pool.existenceOf(event.lifetime()), pool.times().ttlAfterCompletion()));
  }

  private void bind(Job job, Assignment assignment) {
    ask(assignment.worker(), new WorkerCommand.BindAttempt(binding(job, assignment, pool(job.head().spec().pool()))));
    Worker worker = worker(assignment.worker());
    if (worker != null) {
      offer(worker);
    }
  }

  private static Binding binding(Job job, Assignment assignment, PoolPolicy pool) {
    JobSpec spec = job.head().spec();
    return new Binding(job.id(), assignment.attempt(), assignment.epoch(), job.head().origin().correlationId(), spec.tenant(), pool.timeoutOf(spec));
  }

  private void offer(Worker worker) {
    WorkerHead head = worker.head();
    Binding binding = head.binding();
    Job job = binding == null ? null : job(binding.job());
    Assignment assignment = job == null ? null : job.assignment();
    if (binding != null && head.tokenHash() != null && job != null && assignment != null && assignment.worker().equals(worker.id())
        && job.head().cancel() == null) {
      PoolPolicy pool = pool(head.pool());
      effect(new Effect.OfferJob(worker.id(), head.tokenHash(), job, assignment, binding.timeout(), pool.times().gracefulTermination(), pool.template().env(),
          head.jobsRun() + 1, head.mode(), pool.keepOnFailure()));
    }
  }

  private void destroy(Worker worker, int tries) {
    if (worker instanceof Worker.Terminating w) {
      effect(new Effect.DestroyWorker(w.id(), w.head().provider(), w.head().providerId(),
          WorkerDecisions.graceOf(w.ending(), pool(w.head().pool())), w.ending().cause(), w.ending().reason(), tries));
    }
  }

  private void remember(Job job) {
    outcome.ledger().put(Shard.idKey(job.id()),
        new Remembered(job.id(), job.head().origin().requestHash(), job.state(), now.plus(limits.idWindow())));
  }
}
