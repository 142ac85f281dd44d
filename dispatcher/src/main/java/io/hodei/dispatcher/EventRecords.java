package io.hodei.dispatcher;

import io.hodei.domain.Assignment;
import io.hodei.domain.AttemptResult;
import io.hodei.domain.Binding;
import io.hodei.domain.Cause;
import io.hodei.domain.Job;
import io.hodei.domain.JobEvent;
import io.hodei.domain.JobEvolution;
import io.hodei.domain.Recorded;
import io.hodei.domain.Worker;
import io.hodei.domain.WorkerEvent;
import io.hodei.domain.WorkerHead;
import io.hodei.schemas.Topic;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/// Recorded events as flat records of `hodei.job-events` and `hodei.worker-events`.
public final class EventRecords {
  /// A record with where it belongs.
  public record Addressed(Topic topic, String key, SpecificRecord value) {}

  private final Supplier<String> eventIds;

  /// @param eventIds unique ones
  public EventRecords(Supplier<String> eventIds) {
    this.eventIds = eventIds;
  }

  public Addressed write(Recorded recorded) {
    return switch (recorded) {
      case Recorded.OfJob r -> new Addressed(Topic.JOB_EVENTS, r.after().id().value(), write(r));
      case Recorded.OfWorker r -> new Addressed(Topic.WORKER_EVENTS, r.after().id().value(), write(r));
      case Recorded.OfProvider r -> new Addressed(Topic.WORKER_EVENTS, r.after().id(), ProviderRows.write(r, eventIds));
      case Recorded.OfRejection r -> new Addressed(Topic.JOB_EVENTS, r.id().value(), write(r));
    };
  }

  private io.hodei.schemas.JobEvent write(Recorded.OfJob recorded) {
    Job after = recorded.after();
    Job before = recorded.before();
    JobEvent event = recorded.event();
    Cause cause = recorded.cause();
    Assignment assignment = JobEvolution.assignmentOf(event);
    AttemptResult result = JobEvolution.resultOf(event);
    io.hodei.schemas.JobEvent.Builder flat = io.hodei.schemas.JobEvent.newBuilder()
        .setType(event.type()).setEventId(eventIds.get()).setOccurredAt(recorded.at())
        .setCorrelationId(after.head().origin().correlationId()).setCausationId(cause.causationId()).setActor(cause.actor())
        .setSequence(after.head().history().sequence()).setJobId(after.id().value()).setPool(after.head().spec().pool())
        .setTenant(after.head().spec().tenant()).setName(after.head().spec().name()).setPriority(after.head().spec().priority())
        .setAttempt(after.head().attempt() == 0 ? null : (Integer) after.head().attempt())
        .setEpoch(after.head().epoch() == 0 ? null : (Long) after.head().epoch());
    if (before == null || before.state() != after.state()) {
      flat.setFromState(before == null ? null : before.state().name()).setToState(after.state().name());
    }
    if (assignment != null) {
      flat.setWorkerId(assignment.worker().value());
    }
    if (result != null) {
      flat.setReason(result.reason().name()).setCategory(Wire.name(result.category())).setExitCode(result.exitCode())
          .setSignal(result.signal()).setMessage(result.message()).setSuggestedAction(result.suggestedAction());
    }
    switch (event) {
      case JobEvent.JobSubmitted e -> flat.setSource(e.origin().source()).setRetryOf(e.spec().retryOf()).setActor(e.origin().actor());
      case JobEvent.JobQueued e -> flat.setDueAt(e.eligibleAt());
      case JobEvent.JobScheduled e -> flat.setProviderId(e.providerId());
      case JobEvent.JobRetryScheduled e -> flat.setDueAt(e.dueAt()).setAttempt(e.attempt());
      case JobEvent.JobStarted e -> flat.setLatencyMs(Math.max(0, Duration.between(after.head().origin().submittedAt(), recorded.at()).toMillis()));
      case JobEvent.JobCancelRequested e -> flat.setActor(e.actor());
      default -> {
      }
    }
    return flat.build();
  }

  private io.hodei.schemas.WorkerEvent write(Recorded.OfWorker recorded) {
    Worker after = recorded.after();
    Worker before = recorded.before();
    WorkerEvent event = recorded.event();
    WorkerHead head = after.head();
    Binding binding = head.binding();
    io.hodei.schemas.WorkerEvent.Builder flat = io.hodei.schemas.WorkerEvent.newBuilder()
        .setType(event.type()).setEventId(eventIds.get()).setOccurredAt(recorded.at()).setCorrelationId(binding == null ? after.id().value() : binding.correlationId())
        .setCausationId(recorded.cause().causationId()).setActor(recorded.cause().actor()).setSequence(head.sequence())
        .setWorkerId(after.id().value()).setPool(head.pool()).setProvider(head.provider()).setProviderId(head.providerId())
        .setProviderRef(head.providerRef()).setMode(head.mode().wire()).setBootId(head.bootId());
    if (binding != null) {
      flat.setJobId(binding.job().value()).setTenant(binding.tenant()).setAttempt(binding.attempt()).setEpoch(binding.epoch());
    }
    if (before == null || before.state() != after.state()) {
      flat.setFromState(before == null ? null : before.state().name()).setToState(after.state().name());
    }
    switch (event) {
      case WorkerEvent.WorkerJobCompleted e -> flat.setExitCode(e.result().exitCode()).setSignal(e.result().signal())
          .setReason(e.result().reason().name()).setCategory(Wire.name(e.result().category()));
      case WorkerEvent.WorkerCreated e -> flat.setMaxLifetimeMs(head.lifetime().toMillis()).setTtlAfterCompletionMs(e.ttl().toMillis());
      case WorkerEvent.WorkerDraining e when e.actor() == null -> flat.setTtlAfterCompletionMs(Duration.between(recorded.at(), e.deadline()).toMillis())
          .setMessage(WorkerRows.kept(e.deadline()));
      case WorkerEvent.WorkerIdleTimeout e -> flat.setIdleMs(e.idle().toMillis());
      case WorkerEvent.WorkerLost e -> flat.setMessage(e.message());
      case WorkerEvent.WorkerFailedSelfReported e -> flat.setMessage(e.message());
      case WorkerEvent.WorkerConnectionRefused e -> flat.setBootId(e.bootId()).setMessage("Another agent claims to be this worker.");
      case WorkerEvent.WorkerTerminating e -> flat.setReason(e.ending().reason().name()).setCause(e.ending().cause().wire())
          .setMessage(e.ending().message());
      case WorkerEvent.WorkerDestroyFailed e -> flat.setMessage(e.message())
          .setTries(after instanceof Worker.Terminating w ? (Integer) w.tries() : null);
      case WorkerEvent.WorkerTerminated e when after instanceof Worker.Terminated gone -> flat.setReason(gone.ending().reason().name())
          .setCause(gone.ending().cause().wire()).setLatencyMs(gone.finishedToDestroyedMs());
      case WorkerEvent.WorkerCleanedUp e when after instanceof Worker.Terminated gone -> flat.setReason(gone.ending().reason().name())
          .setCause(gone.ending().cause().wire()).setLatencyMs(Duration.between(gone.goneAt(), recorded.at()).toMillis());
      default -> {
      }
    }
    return flat.build();
  }

  /// The job that a worker is there for; null when it is idle.
  static @Nullable String jobOf(Worker worker) {
    Binding binding = worker.head().binding();
    return binding == null ? null : binding.job().value();
  }

  private io.hodei.schemas.JobEvent write(Recorded.OfRejection recorded) {
    String id = recorded.id().value();
    return io.hodei.schemas.JobEvent.newBuilder().setType("JobRejected").setEventId(eventIds.get()).setOccurredAt(recorded.at())
        .setCorrelationId(recorded.correlationId() == null ? id : recorded.correlationId()).setCausationId(recorded.cause().causationId())
        .setActor(recorded.cause().actor()).setJobId(id).setSource(recorded.source()).setCode(recorded.code())
        .setField(recorded.field()).setMessage(recorded.message())
        .setReason("REFUSED").setCategory("CONFIGURATION").build();
  }
}
