package io.hodei.dispatcher;

import io.hodei.domain.Binding;
import io.hodei.domain.Category;
import io.hodei.domain.DestroyCause;
import io.hodei.domain.Ending;
import io.hodei.domain.JobId;
import io.hodei.domain.JobReason;
import io.hodei.domain.TerminationReason;
import io.hodei.domain.Worker;
import io.hodei.domain.WorkerHead;
import io.hodei.domain.WorkerId;
import io.hodei.domain.WorkerMode;
import io.hodei.domain.WorkerState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A worker as a record of `hodei.worker-state`, which is also its row in the store, and back.
public final class WorkerRows {
  private WorkerRows() {}

  public static io.hodei.schemas.Worker write(Worker worker) {
    WorkerHead head = worker.head();
    Binding binding = head.binding();
    Ending ending = endingOf(worker);
    io.hodei.schemas.Worker.Builder row = io.hodei.schemas.Worker.newBuilder()
        .setId(worker.id().value()).setPool(head.pool()).setProvider(head.provider()).setProviderId(head.providerId())
        .setProviderRef(head.providerRef()).setMode(head.mode().wire()).setShape(head.shape()).setState(worker.state().name()).setMaxLifetimeMs(head.lifetime().toMillis())
        .setIdleSince(worker.isIdle() ? head.since() : null).setJobsRun(head.jobsRun()).setLastHeartbeatAt(head.lastHeartbeatAt())
        .setCreatedAt(head.createdAt()).setReadyAt(head.readyAt()).setStateSince(head.since()).setStartedAt(head.startedAt())
        .setAttemptEndedAt(head.attemptEndedAt()).setTokenHash(head.tokenHash()).setBootId(head.bootId()).setDeadline(worker.deadline())
        .setSequence(head.sequence()).setDraining(worker.state() == WorkerState.DRAINING);
    if (binding != null) {
      row.setJobId(binding.job().value()).setAttempt(binding.attempt()).setEpoch(binding.epoch()).setCorrelationId(binding.correlationId())
          .setTenant(binding.tenant()).setTimeoutMs(binding.timeout().toMillis());
    }
    if (ending != null) {
      row.setTerminationReason(ending.reason().name()).setDestroyedBy(ending.cause().wire()).setMessage(ending.message())
          .setJobReason(ending.jobReason().name()).setCategory(ending.category().name()).setSuggestedAction(ending.advice());
    }
    if (worker instanceof Worker.Draining draining && draining.isKept()) {
      row.setMessage(kept(draining.deadline()));
    }
    if (worker instanceof Worker.Terminating terminating) {
      row.setDestroyTries(terminating.tries());
    }
    if (worker instanceof Worker.Terminated gone) {
      row.setTerminatedAt(gone.goneAt()).setFinishedToDestroyedMs(gone.finishedToDestroyedMs()).setCleanedAt(gone.cleanedAt());
    }
    return row.build();
  }

  public static Worker read(io.hodei.schemas.Worker row) {
    Binding binding = row.getJobId() == null ? null : new Binding(new JobId(row.getJobId()), Wire.given(row.getAttempt(), "attempt"),
        Wire.given(row.getEpoch(), "epoch"), Wire.given(row.getCorrelationId(), "correlationId"), Wire.given(row.getTenant(), "tenant"),
        Duration.ofMillis(Wire.given(row.getTimeoutMs(), "timeoutMs")));
    Duration lifetime = row.getMaxLifetimeMs() != null ? Duration.ofMillis(row.getMaxLifetimeMs())
        : binding == null ? Duration.ZERO : binding.timeout();
    WorkerHead head = new WorkerHead(new WorkerId(row.getId()), row.getPool(), row.getProvider(), row.getProviderId(),
        row.getMode().equals(WorkerMode.REUSABLE.wire()) ? WorkerMode.REUSABLE : WorkerMode.EPHEMERAL, row.getShape(), lifetime, binding, row.getCreatedAt(), Wire.given(row.getStateSince(), "stateSince"), row.getProviderRef(), row.getTokenHash(), row.getBootId(),
        row.getReadyAt(), row.getStartedAt(), row.getAttemptEndedAt(), row.getLastHeartbeatAt(), row.getJobsRun(), row.getSequence());
    return switch (WorkerState.valueOf(row.getState())) {
      case CREATING -> new Worker.Creating(head, Wire.given(row.getDeadline(), "deadline"));
      case CONNECTING -> new Worker.Connecting(head, Wire.given(row.getDeadline(), "deadline"));
      case READY -> new Worker.Ready(head, Wire.given(row.getDeadline(), "deadline"));
      case BUSY -> new Worker.Busy(head, Wire.given(row.getDeadline(), "deadline"));
      case DRAINING -> new Worker.Draining(head, Wire.given(row.getDeadline(), "deadline"));
      case TERMINATING -> new Worker.Terminating(head, endingOf(row), row.getDestroyTries(), Wire.given(row.getDeadline(), "deadline"));
      case TERMINATED -> new Worker.Terminated(head, endingOf(row), Wire.given(row.getTerminatedAt(), "terminatedAt"),
          row.getFinishedToDestroyedMs(), row.getCleanedAt(), row.getDeadline());
    };
  }

  static String kept(Instant until) {
    return "Its job failed; what it left is kept until " + until.truncatedTo(ChronoUnit.SECONDS) + " for somebody to look at.";
  }

  private static @Nullable Ending endingOf(Worker worker) {
    return switch (worker) {
      case Worker.Terminating w -> w.ending();
      case Worker.Terminated w -> w.ending();
      default -> null;
    };
  }

  private static Ending endingOf(io.hodei.schemas.Worker row) {
    return new Ending(TerminationReason.valueOf(Wire.given(row.getTerminationReason(), "terminationReason")),
        DestroyCause.valueOf(Wire.given(row.getDestroyedBy(), "destroyedBy").toUpperCase(Locale.ROOT)),
        JobReason.valueOf(Wire.given(row.getJobReason(), "jobReason")), Category.valueOf(Wire.given(row.getCategory(), "category")),
        Wire.given(row.getMessage(), "message"), row.getSuggestedAction());
  }
}
