package io.hodei.dispatcher;

import io.hodei.domain.Binding;
import io.hodei.domain.Effect;
import io.hodei.domain.JobSpec;
import io.hodei.domain.Resources;
import io.hodei.domain.WorkerHead;
import io.hodei.domain.WorkerMode;
import io.hodei.schemas.WorkerCommand;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/// Effects as records of `hodei.worker-commands`.
public final class CommandRecords {
  private final Supplier<String> commandIds;
  private final long maxLogBytes;

  /// @param maxLogBytes what an attempt may write; then its log is cut
  public CommandRecords(Supplier<String> commandIds, long maxLogBytes) {
    this.commandIds = commandIds;
    this.maxLogBytes = maxLogBytes;
  }

  public WorkerCommand write(Effect effect, Instant at) {
    WorkerCommand.Builder command = WorkerCommand.newBuilder().setCommandId(commandIds.get()).setAt(at).setWorkerId(effect.worker().value());
    switch (effect) {
      case Effect.ProvisionWorker e -> provision(command, e);
      case Effect.OfferJob e -> offer(command, e);
      case Effect.AnswerStart e -> command.setType("StartJob").setJobId(e.job().value()).setEpoch(e.epoch()).setBootId(e.bootId())
          .setGranted(e.granted()).setReason(Wire.name(e.refusal()));
      case Effect.CancelAssignment e -> command.setType("CancelAssignment").setJobId(e.job().value()).setEpoch(e.epoch());
      case Effect.RefuseBoot e -> command.setType("RefuseBoot").setBootId(e.bootId());
      case Effect.DestroyWorker e -> command.setType("DestroyWorker").setProvider(e.provider()).setProviderId(e.providerId())
          .setGraceMs(e.grace().toMillis()).setCause(e.cause().wire()).setReason(e.reason().name()).setTries(e.tries());
    }
    return command.build();
  }

  /// Asks lifecycle-service for a snapshot; `providerId` null: all instances.
  public WorkerCommand inventory(String asker, @org.jspecify.annotations.Nullable String providerId, Instant at) {
    return WorkerCommand.newBuilder().setType("TakeInventory").setCommandId(commandIds.get()).setAt(at).setProviderId(providerId)
        .setSnapshotRequest(asker).build();
  }

  private static void provision(WorkerCommand.Builder command, Effect.ProvisionWorker provision) {
    WorkerHead head = provision.head();
    Binding binding = Wire.given(head.binding(), "binding");
    command.setType("ProvisionWorker").setPool(head.pool()).setProvider(head.provider()).setProviderId(head.providerId())
        .setJobId(binding.job().value()).setTenant(binding.tenant()).setCorrelationId(binding.correlationId()).setValidUntil(provision.validUntil())
        .setImage(provision.image()).setProviderConfig(provision.providerConfig()).setExistenceMs(provision.existence().toMillis())
        .setTtlMs(provision.ttl().toMillis());
    Resources resources = provision.resources();
    if (resources != null) {
      command.setCpu(resources.cpu()).setMemory(resources.memory()).setGpu(resources.gpu());
    }
  }

  private void offer(WorkerCommand.Builder command, Effect.OfferJob offer) {
    JobSpec spec = offer.job().head().spec();
    Duration graceful = offer.graceful();
    command.setType("AssignJob").setTokenHash(offer.tokenHash()).setJobId(offer.job().id().value()).setPool(spec.pool()).setTenant(spec.tenant())
        .setCorrelationId(offer.job().head().origin().correlationId()).setAttempt(offer.assignment().attempt())
        .setEpoch(offer.assignment().epoch()).setCommand(spec.command()).setScript(spec.script()).setEnv(environment(offer.env(), spec.env())).setWorkdir(spec.workdir())
        .setTimeoutMs(offer.timeout().toMillis()).setGraceMs(graceful.toMillis()).setMaxLogBytes(maxLogBytes)
        .setNumber(offer.number()).setReusable(offer.mode() == WorkerMode.REUSABLE).setKeepOnFailure(offer.keepOnFailure());
  }

  /// The job's own values go before the pool's.
  private static Map<String, String> environment(Map<String, String> pool, Map<String, String> own) {
    Map<String, String> all = new LinkedHashMap<>(pool);
    all.putAll(own);
    return all;
  }
}
