package io.hodei.dispatcher;

import io.hodei.domain.AttemptResult;
import io.hodei.domain.Assignment;
import io.hodei.domain.CancelRequest;
import io.hodei.domain.Category;
import io.hodei.domain.Job;
import io.hodei.domain.JobHead;
import io.hodei.domain.JobHistory;
import io.hodei.domain.JobId;
import io.hodei.domain.JobReason;
import io.hodei.domain.JobSpec;
import io.hodei.domain.JobState;
import io.hodei.domain.LogRef;
import io.hodei.domain.Origin;
import io.hodei.domain.Resources;
import io.hodei.domain.RetryPolicy;
import io.hodei.domain.Transition;
import io.hodei.domain.WorkerId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A job as a record of `hodei.job-state`, which is also its row in the store, and back.
public final class JobRows {
  private JobRows() {}

  public static io.hodei.schemas.Job write(Job job) {
    JobHead head = job.head();
    JobSpec spec = head.spec();
    JobHistory history = head.history();
    AttemptResult result = job instanceof Job.Ended ended ? ended.result() : history.lastResult();
    Duration timeout = spec.timeout();
    CancelRequest cancel = head.cancel();
    return io.hodei.schemas.Job.newBuilder()
        .setId(head.id().value()).setName(spec.name()).setPool(spec.pool()).setCommand(spec.command()).setScript(spec.script())
        .setImage(spec.image()).setEnv(spec.env()).setSecrets(spec.secrets()).setWorkdir(spec.workdir()).setResources(write(spec.resources()))
        .setTimeoutMs(timeout == null ? null : timeout.toMillis()).setQueueTimeoutMs(spec.queueTimeout().toMillis()).setPriority(spec.priority())
        .setRetry(write(spec.retry())).setIdempotencyKey(spec.idempotencyKey()).setLabels(spec.labels()).setTenant(spec.tenant())
        .setActor(head.origin().actor()).setCorrelationId(head.origin().correlationId()).setProviderConfig(spec.providerConfig())
        .setRetryOf(spec.retryOf()).setState(job.state().name()).setAttempt(head.attempt()).setEpoch(head.epoch())
        .setExitCode(result == null ? null : result.exitCode()).setSignal(result == null ? null : result.signal())
        .setReason(result == null ? null : result.reason().name()).setCategory(Wire.name(result == null ? null : result.category()))
        .setMessage(result == null ? null : result.message()).setSuggestedAction(result == null ? null : result.suggestedAction())
        .setWorkerId(Wire.text(history.worker())).setCancelRequestedAt(cancel == null ? null : cancel.at())
        .setCancelActor(cancel == null ? null : cancel.actor()).setSubmittedAt(head.origin().submittedAt()).setQueuedAt(history.queuedAt())
        .setAssignedAt(history.assignedAt()).setStartedAt(history.startedAt())
        .setFinishedAt(job instanceof Job.Ended ended ? ended.finishedAt() : null)
        .setEligibleAt(job instanceof Job.Pending pending ? pending.eligibleAt() : null)
        .setQueueDeadline(job instanceof Job.Pending pending ? pending.deadline() : null)
        .setTransitions(history.transitions().stream().map(JobRows::write).toList()).setLogRef(history.logs().stream().map(JobRows::write).toList())
        .setSequence(history.sequence()).setRequestHash(head.origin().requestHash()).setSource(head.origin().source())
        .setTraceparent(head.origin().traceparent()).build();
  }

  public static Job read(io.hodei.schemas.Job row) {
    JobSpec spec = new JobSpec(row.getId(), row.getName(), Objects.requireNonNullElse(row.getPool(), "default"), row.getCommand(), row.getScript(),
        row.getImage(), row.getEnv(), row.getSecrets(), row.getWorkdir(), read(row.getResources()), Wire.duration(row.getTimeoutMs()),
        Objects.requireNonNullElse(Wire.duration(row.getQueueTimeoutMs()), Duration.ofHours(24)), Objects.requireNonNullElse(row.getPriority(), 0),
        read(row.getRetry()), row.getIdempotencyKey(), row.getLabels(), Objects.requireNonNullElse(row.getTenant(), "default"), row.getActor(),
        row.getCorrelationId(), row.getProviderConfig(), row.getRetryOf());
    Origin origin = new Origin(row.getSource(), row.getRequestHash(), Wire.given(row.getSubmittedAt(), "submittedAt"),
        Wire.given(row.getCorrelationId(), "correlationId"), Wire.given(row.getActor(), "actor"), row.getTraceparent());
    AttemptResult last = row.getReason() == null ? null : new AttemptResult(JobReason.valueOf(row.getReason()),
        row.getCategory() == null ? null : Category.valueOf(row.getCategory()), row.getExitCode(), row.getSignal(), row.getMessage(),
        row.getSuggestedAction(), null);
    JobHistory history = new JobHistory(row.getQueuedAt(), row.getAssignedAt(), row.getStartedAt(), Wire.worker(row.getWorkerId()), last,
        row.getLogRef().stream().map(JobRows::read).toList(), row.getTransitions().stream().map(JobRows::read).toList(), row.getSequence());
    CancelRequest cancel = row.getCancelRequestedAt() == null ? null
        : new CancelRequest(row.getCancelRequestedAt(), Wire.given(row.getCancelActor(), "cancelActor"));
    JobHead head = new JobHead(new JobId(row.getId()), spec, origin, row.getAttempt(), row.getEpoch(), cancel, history);
    return switch (JobState.valueOf(row.getState())) {
      case PENDING -> new Job.Pending(head, Wire.given(row.getQueuedAt(), "queuedAt"), Wire.given(row.getEligibleAt(), "eligibleAt"),
          Wire.given(row.getQueueDeadline(), "queueDeadline"));
      case SCHEDULED -> new Job.Scheduled(head, assignment(row));
      case ASSIGNED -> new Job.Assigned(head, assignment(row));
      case RUNNING -> new Job.Running(head, assignment(row), Wire.given(row.getStartedAt(), "startedAt"));
      case SUCCEEDED, FAILED, CANCELLED, TIMEOUT -> new Job.Ended(head, JobState.valueOf(row.getState()), Wire.given(last, "reason"),
          Wire.given(row.getFinishedAt(), "finishedAt"));
    };
  }

  private static Assignment assignment(io.hodei.schemas.Job row) {
    return new Assignment(new WorkerId(Wire.given(row.getWorkerId(), "workerId")), row.getAttempt(), row.getEpoch());
  }

  private static io.hodei.schemas.@Nullable Resources write(@Nullable Resources resources) {
    return resources == null ? null : new io.hodei.schemas.Resources(resources.cpu(), resources.memory(), resources.gpu());
  }

  private static @Nullable Resources read(io.hodei.schemas.@Nullable Resources row) {
    return row == null ? null : new Resources(row.getCpu(), row.getMemory(), row.getGpu());
  }

  private static io.hodei.schemas.RetryPolicy write(RetryPolicy retry) {
    return new io.hodei.schemas.RetryPolicy(retry.maxAttempts(), retry.backoff().toMillis(), retry.maxBackoff().toMillis(), retry.onExitCodes(),
        retry.onReasons());
  }

  private static RetryPolicy read(io.hodei.schemas.@Nullable RetryPolicy row) {
    return row == null ? RetryPolicy.NONE : new RetryPolicy(row.getMaxAttempts(), Duration.ofMillis(row.getBackoffMs()),
        Duration.ofMillis(row.getMaxBackoffMs()), List.copyOf(row.getOnExitCodes()), List.copyOf(row.getOnReasons()));
  }

  private static io.hodei.schemas.Transition write(Transition step) {
    return new io.hodei.schemas.Transition(step.at(), step.type(), step.attempt(), Wire.text(step.worker()), step.reason());
  }

  private static Transition read(io.hodei.schemas.Transition row) {
    return new Transition(row.getAt(), row.getType(), row.getAttempt(), Wire.worker(row.getWorkerId()), row.getReason());
  }

  private static io.hodei.schemas.LogRef write(LogRef log) {
    return new io.hodei.schemas.LogRef(log.attempt(), log.partition(), log.firstOffset(), log.lastOffset(), log.lines(), log.bytes(),
        log.complete(), log.startedAt(), log.endedAt());
  }

  private static LogRef read(io.hodei.schemas.LogRef row) {
    Instant started = row.getStartedAt();
    return new LogRef(row.getAttempt(), row.getPartition(), row.getFirstOffset(), row.getLastOffset(), row.getLines(), row.getBytes(),
        row.getComplete(), started, row.getEndedAt());
  }
}
