package io.hodei.domain;

import java.util.List;
import java.util.Map;

/// What reaches a shard from outside.
public sealed interface Input {
  /// A valid request.
  record SubmitJob(JobId id, JobSpec spec, Origin origin) implements Input {}

  record CancelJob(JobId job) implements Input {}

  /// A fact about, or a wish for, one worker.
  record ForWorker(WorkerId worker, WorkerCommand command) implements Input {}

  /// An agent has called.
  record AgentConnected(WorkerId worker, String bootId) implements Input {}

  /// An agent asks for the permission to execute.
  record AgentStarting(WorkerId worker, String bootId, JobId job, long epoch) implements Input {}

  /// An agent tells how its attempt ended.
  record AgentEnded(WorkerId worker, String bootId, JobId job, long epoch, AttemptResult result) implements Input {}

  /// All sessions of one gateway, with the milliseconds since each one's last beat.
  record SessionsSeen(Map<WorkerId, Long> idleMs) implements Input {}

  record ProviderAlive(String provider, String providerId) implements Input {}

  /// Infrastructure without a live row.
  record OrphanFound(WorkerId worker, String provider, String providerId) implements Input {}

  /// Workers whose attempt ended and whose destruction nobody has asked for.
  record FoundEnded(List<WorkerId> workers) implements Input {}

  /// Ended workers of which nothing is left.
  record FoundClean(List<WorkerId> workers) implements Input {}
}
