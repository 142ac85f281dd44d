package io.hodei.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What is true of a worker in every state. `since` is when its state was entered; `startedAt` and `attemptEndedAt` are of its
/// attempt; `tokenHash` is the hex SHA-256 of the agent's token; `bootId` the agent that it is bound to.
public record WorkerHead(WorkerId id, String pool, String provider, String providerId, Binding binding, Instant createdAt, Instant since,
    @Nullable String providerRef, @Nullable String tokenHash, @Nullable String bootId, @Nullable Instant readyAt, @Nullable Instant startedAt,
    @Nullable Instant attemptEndedAt, @Nullable Instant lastHeartbeatAt, int jobsRun, long sequence) {
  WorkerHead next() {
    return new WorkerHead(id, pool, provider, providerId, binding, createdAt, since, providerRef, tokenHash, bootId, readyAt, startedAt,
        attemptEndedAt, lastHeartbeatAt, jobsRun, sequence + 1);
  }

  WorkerHead since(Instant at) {
    return new WorkerHead(id, pool, provider, providerId, binding, createdAt, at, providerRef, tokenHash, bootId, readyAt, startedAt,
        attemptEndedAt, lastHeartbeatAt, jobsRun, sequence);
  }

  WorkerHead ref(@Nullable String ref) {
    return new WorkerHead(id, pool, provider, providerId, binding, createdAt, since, ref == null ? providerRef : ref, tokenHash, bootId, readyAt,
        startedAt, attemptEndedAt, lastHeartbeatAt, jobsRun, sequence);
  }

  WorkerHead token(String hash) {
    return new WorkerHead(id, pool, provider, providerId, binding, createdAt, since, providerRef, hash, bootId, readyAt, startedAt,
        attemptEndedAt, lastHeartbeatAt, jobsRun, sequence);
  }

  WorkerHead boot(String boot, Instant at) {
    return new WorkerHead(id, pool, provider, providerId, binding, createdAt, since, providerRef, tokenHash, boot, readyAt, startedAt,
        attemptEndedAt, at, jobsRun, sequence);
  }

  WorkerHead ready(Instant at) {
    return new WorkerHead(id, pool, provider, providerId, binding, createdAt, since, providerRef, tokenHash, bootId, at, startedAt,
        attemptEndedAt, lastHeartbeatAt, jobsRun, sequence);
  }

  WorkerHead started(Instant at) {
    return new WorkerHead(id, pool, provider, providerId, binding, createdAt, since, providerRef, tokenHash, bootId, readyAt, at,
        attemptEndedAt, lastHeartbeatAt, jobsRun, sequence);
  }

  WorkerHead attemptEnded(Instant at) {
    return new WorkerHead(id, pool, provider, providerId, binding, createdAt, since, providerRef, tokenHash, bootId, readyAt, startedAt, at,
        lastHeartbeatAt, jobsRun + 1, sequence);
  }

  WorkerHead beat(Instant at) {
    return new WorkerHead(id, pool, provider, providerId, binding, createdAt, since, providerRef, tokenHash, bootId, readyAt, startedAt,
        attemptEndedAt, at, jobsRun, sequence);
  }
}
