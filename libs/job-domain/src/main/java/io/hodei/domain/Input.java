package io.hodei.domain;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What reaches a shard from outside.
public sealed interface Input {
  /// A valid request.
  record SubmitJob(JobId id, JobSpec spec, Origin origin) implements Input {}

  /// A request that was accepted and that its pool, as it is now, refuses.
  record RefuseJob(SubmitJob submit, Violation violation) implements Input {}

  record CancelJob(JobId job) implements Input {}

  /// A fact about, or a wish for, one worker.
  record ForWorker(WorkerId worker, WorkerCommand command) implements Input {}

  /// An agent has called.
  record AgentConnected(WorkerId worker, String bootId) implements Input {}

  /// An agent asks for the permission to execute.
  record AgentStarting(WorkerId worker, String bootId, JobId job, long epoch) implements Input {}

  /// An agent tells how its attempt ended, and, unless null, why it cannot take another.
  record AgentEnded(WorkerId worker, String bootId, JobId job, long epoch, AttemptResult result,
      @Nullable String unfit) implements Input {}

  /// All sessions of one gateway, with the milliseconds since each one's last beat.
  record SessionsSeen(Map<WorkerId, Long> idleMs) implements Input {}

  /// Somebody has changed a pool, or made one.
  record ApplyPool(PoolPolicy pool) implements Input {}

  record ProviderAlive(String provider, String providerId) implements Input {}

  /// Nothing can be asked of it, for `trouble`.
  record ProviderAway(String provider, String providerId, String trouble) implements Input {}

  /// Infrastructure without a live row.
  record OrphanFound(WorkerId worker, String provider, String providerId) implements Input {}

  /// Workers whose attempt ended and whose destruction nobody has asked for.
  record FoundEnded(List<WorkerId> workers) implements Input {}

  /// Ended workers of which nothing is left.
  record FoundClean(List<WorkerId> workers) implements Input {}
}
