package io.hodei.lifecycle;

import io.hodei.kit.Uuid7;
import io.hodei.providers.WorkerExit;
import io.hodei.schemas.WorkerReport;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// What this service saw, as records of `hodei.worker-reports`. Writes nothing. Any thread.
public final class LaneReports {
  private static final int MESSAGE_CHARS = 2_000;

  private final String type;
  private final String providerId;
  private final InstantSource clock;

  /// @param type of the provider, `process`
  /// @param providerId of its instance
  public LaneReports(String type, String providerId, InstantSource clock) {
    this.type = type;
    this.providerId = providerId;
    this.clock = clock;
  }

  /// Why a worker could not be created, in the words of the job reasons. `suggestedAction` null: nothing in particular.
  record Failure(String reason, String category, String message, @Nullable String suggestedAction) {}

  public WorkerReport providerAlive() {
    return of("ProviderAlive", null, null).build();
  }

  /// Nothing can be asked of it.
  public WorkerReport providerAway(String trouble) {
    return of("ProviderAway", null, null).setMessage(shortened(trouble)).build();
  }

  WorkerReport tokenDrawn(Command.Provision command, String tokenHash) {
    return of("TokenDrawn", command.workerId(), command.jobId()).setTokenHash(tokenHash).build();
  }

  WorkerReport created(Command.Provision command, @Nullable String providerRef) {
    return of("Created", command.workerId(), command.jobId()).setProviderRef(providerRef).build();
  }

  WorkerReport createFailed(Command.Provision command, Failure failure) {
    return of("CreateFailed", command.workerId(), command.jobId())
        .setProvider(command.provider())
        .setReason(failure.reason())
        .setCategory(failure.category())
        .setMessage(shortened(failure.message()))
        .setSuggestedAction(failure.suggestedAction()).build();
  }

  WorkerReport gone(Command.Destroy command, Instant at, boolean existed) {
    return of("Gone", command.workerId(), command.jobId())
        .setAt(millis(at))
        .setMessage(existed ? null : "nothing of it was there").build();
  }

  WorkerReport destroyFailed(Command.Destroy command, String message) {
    return of("DestroyFailed", command.workerId(), command.jobId())
        .setReason("DESTROY_FAILED")
        .setCategory("PROVIDER")
        .setMessage(shortened(message)).build();
  }

  WorkerReport exited(WorkerExit exit) {
    return of("Exited", exit.workerId(), null).setAt(millis(exit.seenAt())).setReason(exit.reason() == WorkerExit.Reason.WORKER_LOST ? null : exit.reason().name())
        .setMessage(shortened(exit.message())).setSuggestedAction(exit.suggestedAction()).build();
  }

  private WorkerReport.Builder of(String report, @Nullable String workerId, @Nullable String jobId) {
    return WorkerReport.newBuilder()
        .setType(report)
        .setReportId(Uuid7.next())
        .setAt(millis(clock.instant()))
        .setReporter("lifecycle-service/" + providerId)
        .setWorkerId(workerId)
        .setJobId(jobId)
        .setProvider(type)
        .setProviderId(providerId);
  }

  private static Instant millis(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MILLIS);
  }

  private static String shortened(String message) {
    return message.length() > MESSAGE_CHARS ? message.substring(0, MESSAGE_CHARS) : message;
  }
}
