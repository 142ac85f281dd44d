package io.hodei.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What others are told to do in consequence of a decision. Data: sent in the same transaction as the events.
public sealed interface Effect {
  WorkerId worker();

  /// To lifecycle-service: make it, of this image, with these limits and the JSON text of what more is asked of its provider, unless it is later than
  /// `validUntil`. `existence`: for how long there may be anything of it at the most, should nobody be there to end it; `ttl`: for how long a kept one is
  /// there after its attempt.
  record ProvisionWorker(WorkerId worker, WorkerHead head, Instant validUntil, @Nullable String image, @Nullable Resources resources,
      @Nullable String providerConfig, Duration existence, Duration ttl) implements Effect {}

  /// To the gateway: whose token hashes to `tokenHash` gets this attempt offered, the worker's `number`th from 1. `env` is the pool's.
  record OfferJob(WorkerId worker, String tokenHash, Job job, Assignment assignment, Duration timeout, Duration graceful, Map<String, String> env,
      int number, WorkerMode mode, boolean keepOnFailure) implements Effect {}

  /// To the gateway: the answer to an agent's question whether it may execute.
  record AnswerStart(WorkerId worker, String bootId, JobId job, long epoch, boolean granted, @Nullable Refusal refusal) implements Effect {}

  /// To the gateway: kill what runs.
  record CancelAssignment(WorkerId worker, JobId job, long epoch) implements Effect {}

  /// To the gateway: this agent is not the one that the worker is bound to.
  record RefuseBoot(WorkerId worker, String bootId) implements Effect {}

  /// To lifecycle-service and the gateway.
  record DestroyWorker(WorkerId worker, String provider, String providerId, Duration grace, DestroyCause cause, TerminationReason reason, int tries)
      implements Effect {}
}
