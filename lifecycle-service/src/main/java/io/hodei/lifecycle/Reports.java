package io.hodei.lifecycle;

import io.hodei.kit.Codec;
import io.hodei.kit.Uuid7;
import io.hodei.providers.WorkerExit;
import io.hodei.schemas.Topic;
import io.hodei.schemas.WorkerReport;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// What this service saw, on worker-reports. Every method returns when the report is durable. Any thread.
final class Reports {
  private static final int MESSAGE_CHARS = 2_000;

  private final Outbox outbox;
  private final Codec codec;
  private final String type;
  private final String providerId;

  Reports(Outbox outbox, Codec codec, String type, String providerId) {
    this.outbox = outbox;
    this.codec = codec;
    this.type = type;
    this.providerId = providerId;
  }

  void tokenDrawn(Command.Provision command, String tokenHash) throws InterruptedException {
    send(command.workerId(), of("TokenDrawn", command.workerId(), command.jobId()).setTokenHash(tokenHash));
  }

  void created(Command.Provision command, @Nullable String providerRef) throws InterruptedException {
    send(command.workerId(), of("Created", command.workerId(), command.jobId()).setProviderRef(providerRef));
  }

  void createFailed(Command.Provision command, Failure failure) throws InterruptedException {
    send(command.workerId(), of("CreateFailed", command.workerId(), command.jobId())
        .setProvider(command.provider())
        .setReason(failure.reason())
        .setCategory(failure.category())
        .setMessage(shortened(failure.message()))
        .setSuggestedAction(failure.suggestedAction()));
  }

  void gone(Command.Destroy command, Instant at, boolean existed) throws InterruptedException {
    send(command.workerId(), of("Gone", command.workerId(), command.jobId())
        .setAt(millis(at))
        .setMessage(existed ? null : "nothing of it was there"));
  }

  void destroyFailed(Command.Destroy command, String message) throws InterruptedException {
    send(command.workerId(), of("DestroyFailed", command.workerId(), command.jobId())
        .setReason("DESTROY_FAILED")
        .setCategory("PROVIDER")
        .setMessage(shortened(message)));
  }

  void exited(WorkerExit exit) throws InterruptedException {
    send(exit.workerId(), of("Exited", exit.workerId(), null).setAt(millis(exit.seenAt())).setReason(exit.outOfMemory() ? "OOM_KILLED" : null)
        .setMessage(shortened(exit.message())));
  }

  void providerAlive() throws InterruptedException {
    send(providerId, of("ProviderAlive", null, null));
  }

  /// Why a worker could not be created, in the words of the job reasons.
  record Failure(String reason, String category, String message, String suggestedAction) {}

  private WorkerReport.Builder of(String report, @Nullable String workerId, @Nullable String jobId) {
    return WorkerReport.newBuilder()
        .setType(report)
        .setReportId(Uuid7.next())
        .setAt(millis(Instant.now()))
        .setReporter("lifecycle-service/" + providerId)
        .setWorkerId(workerId)
        .setJobId(jobId)
        .setProvider(type)
        .setProviderId(providerId);
  }

  private void send(String key, WorkerReport.Builder report) throws InterruptedException {
    outbox.deliver(codec.record(Topic.WORKER_REPORTS, key, report.build()));
  }

  private static Instant millis(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MILLIS);
  }

  private static String shortened(String message) {
    return message.length() > MESSAGE_CHARS ? message.substring(0, MESSAGE_CHARS) : message;
  }
}
