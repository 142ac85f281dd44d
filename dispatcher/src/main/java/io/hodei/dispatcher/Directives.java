package io.hodei.dispatcher;

import io.hodei.gateway.v1.Assignment;
import io.hodei.gateway.v1.CancelRun;
import io.hodei.gateway.v1.Directive;
import io.hodei.gateway.v1.Welcome;
import io.hodei.kit.Key;
import io.hodei.kit.Settings;
import io.hodei.schemas.WorkerCommand;
import java.util.Objects;

/// What agents are told, from the dispatcher's commands.
final class Directives {
  /// Bytes of log entries in one batch; well below Kafka's largest record.
  private static final int MAX_LOG_BATCH_BYTES = 512 * 1024;

  private final Directive welcome;

  Directives(Settings settings) {
    welcome = Directive.newBuilder().setWelcome(Welcome.newBuilder()
        .setHeartbeatIntervalMs(settings.duration(Key.HEARTBEAT).toMillis())
        .setOrphanLimitMs(settings.duration(Key.ORPHAN_LIMIT).toMillis())
        .setMaxLogBatchBytes(MAX_LOG_BATCH_BYTES)).build();
  }

  Directive welcome() {
    return welcome;
  }

  Directive assignment(WorkerCommand offer) {
    return Directive.newBuilder().setAssignment(Assignment.newBuilder()
        .setJobId(Wire.given(offer.getJobId(), "jobId"))
        .setAttempt(Wire.given(offer.getAttempt(), "attempt"))
        .setEpoch(Wire.given(offer.getEpoch(), "epoch"))
        .setCorrelationId(Objects.requireNonNullElse(offer.getCorrelationId(), ""))
        .addAllCommand(offer.getCommand())
        .setScript(Objects.requireNonNullElse(offer.getScript(), ""))
        .putAllEnv(offer.getEnv())
        .setWorkdir(Objects.requireNonNullElse(offer.getWorkdir(), ""))
        .setTimeoutMs(Wire.given(offer.getTimeoutMs(), "timeoutMs"))
        .setGracefulTerminationMs(Objects.requireNonNullElse(offer.getGraceMs(), 10_000L))
        .setMaxLogBytes(Objects.requireNonNullElse(offer.getMaxLogBytes(), 0L))
        .setNumber(Objects.requireNonNullElse(offer.getNumber(), 1)).setReusable(offer.getReusable()).setKeepOnFailure(offer.getKeepOnFailure())).build();
  }

  static Directive cancel(WorkerCommand of) {
    return Directive.newBuilder().setCancelRun(CancelRun.newBuilder().setEpoch(Wire.given(of.getEpoch(), "epoch"))
        .setJobId(Wire.given(of.getJobId(), "jobId"))).build();
  }
}
