package io.hodei.domain;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What is true of a worker in every state. `binding` is its current attempt, null when it is idle; `shape` what it is made of,
/// as a digest, empty when nothing in particular was asked for; `lifetime` counts from `createdAt`;
/// `since` is when its state was entered; `startedAt` and `attemptEndedAt` are of its attempt; `tokenHash` is the hex SHA-256 of the
/// agent's token; `bootId` the agent that it is bound to; `jobsRun` counts attempts that ended.
public record WorkerHead(WorkerId id, String pool, String provider, String providerId, WorkerMode mode, String shape, Duration lifetime, @Nullable Binding binding,
    Instant createdAt, Instant since, @Nullable String providerRef, @Nullable String tokenHash, @Nullable String bootId, @Nullable Instant readyAt,
    @Nullable Instant startedAt, @Nullable Instant attemptEndedAt, @Nullable Instant lastHeartbeatAt, int jobsRun, long sequence) {
  /// When it has lived for as long as it may.
  Instant livesUntil() {
    return createdAt.plus(lifetime);
  }

  /// Whether its current attempt is this one.
  boolean has(JobId job, long epoch) {
    return binding != null && binding.job().equals(job) && binding.epoch() == epoch;
  }

  /// Whether long silence proves its attempt dead. On a host the job's processes go on beside an agent that was killed or is frozen, and that
  /// kills nothing any more; an agent in a container is its first process, which takes the others with it. What never started is dead anyway.
  boolean isDeadWithoutContact() {
    return startedAt == null || !provider.equals("process");
  }

  WorkerHead next() {
    return new WorkerHead(id, pool, provider, providerId, mode, shape, lifetime, binding, createdAt, since, providerRef, tokenHash, bootId, readyAt,
        startedAt, attemptEndedAt, lastHeartbeatAt, jobsRun, sequence + 1);
  }

  WorkerHead since(Instant at) {
    return new WorkerHead(id, pool, provider, providerId, mode, shape, lifetime, binding, createdAt, at, providerRef, tokenHash, bootId, readyAt,
        startedAt, attemptEndedAt, lastHeartbeatAt, jobsRun, sequence);
  }

  WorkerHead ref(@Nullable String ref) {
    return new WorkerHead(id, pool, provider, providerId, mode, shape, lifetime, binding, createdAt, since, ref == null ? providerRef : ref, tokenHash,
        bootId, readyAt, startedAt, attemptEndedAt, lastHeartbeatAt, jobsRun, sequence);
  }

  WorkerHead token(String hash) {
    return new WorkerHead(id, pool, provider, providerId, mode, shape, lifetime, binding, createdAt, since, providerRef, hash, bootId, readyAt,
        startedAt, attemptEndedAt, lastHeartbeatAt, jobsRun, sequence);
  }

  WorkerHead boot(String boot, Instant at) {
    return new WorkerHead(id, pool, provider, providerId, mode, shape, lifetime, binding, createdAt, since, providerRef, tokenHash, boot, readyAt,
        startedAt, attemptEndedAt, at, jobsRun, sequence);
  }

  /// Ready for the first time, or again: without an attempt that has ended.
  WorkerHead ready(Instant at) {
    return new WorkerHead(id, pool, provider, providerId, mode, shape, lifetime, attemptEndedAt == null ? binding : null, createdAt, since, providerRef,
        tokenHash, bootId, readyAt == null ? at : readyAt, null, null, lastHeartbeatAt, jobsRun, sequence);
  }

  WorkerHead bound(Binding attempt) {
    return new WorkerHead(id, pool, provider, providerId, mode, shape, lifetime, attempt, createdAt, since, providerRef, tokenHash, bootId, readyAt,
        startedAt, attemptEndedAt, lastHeartbeatAt, jobsRun, sequence);
  }

  WorkerHead started(Instant at) {
    return new WorkerHead(id, pool, provider, providerId, mode, shape, lifetime, binding, createdAt, since, providerRef, tokenHash, bootId, readyAt, at,
        attemptEndedAt, lastHeartbeatAt, jobsRun, sequence);
  }

  WorkerHead attemptEnded(Instant at) {
    return new WorkerHead(id, pool, provider, providerId, mode, shape, lifetime, binding, createdAt, since, providerRef, tokenHash, bootId, readyAt,
        startedAt, at, lastHeartbeatAt, jobsRun + 1, sequence);
  }

  WorkerHead beat(Instant at) {
    return new WorkerHead(id, pool, provider, providerId, mode, shape, lifetime, binding, createdAt, since, providerRef, tokenHash, bootId, readyAt,
        startedAt, attemptEndedAt, at, jobsRun, sequence);
  }
}
