package io.hodei.gc;

import io.hodei.schemas.Worker;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What gc keeps of a row of the worker-state table.
///
/// @param since when its state was entered; null: not recorded, so that nothing is concluded from time
/// @param sequence grows with each event of the worker
/// @param held its attempt ended, and nobody has asked for its destruction
record WorkerRow(String id, String pool, String provider, String providerId, @Nullable String providerRef, @Nullable String jobId,
    String state, @Nullable Instant since, @Nullable Instant terminatedAt, @Nullable Instant cleanedAt, long sequence, boolean held) {
  private static final Set<String> HAS_INFRASTRUCTURE = Set.of("CONNECTING", "READY", "BUSY", "DRAINING", "TERMINATING");

  static WorkerRow of(Worker worker) {
    return new WorkerRow(worker.getId(), worker.getPool(), worker.getProvider(), worker.getProviderId(), worker.getProviderRef(),
        worker.getJobId(), worker.getState(), worker.getStateSince(), worker.getTerminatedAt(), worker.getCleanedAt(),
        worker.getSequence(), worker.getState().equals("TERMINATING") && worker.getAttemptEndedAt() != null && worker.getDestroyTries() == 0);
  }

  boolean terminated() {
    return state.equals("TERMINATED");
  }

  /// Its infrastructure must exist: neither still being made nor gone, nor in a state that gc does not know.
  boolean mustExist() {
    return HAS_INFRASTRUCTURE.contains(state);
  }

  /// It is gone, and nobody has confirmed yet that nothing is left.
  boolean awaitsCleaning() {
    return terminated() && cleanedAt == null;
  }

  /// When it was seen gone; null when nothing says so.
  @Nullable Instant goneAt() {
    return terminatedAt != null ? terminatedAt : since;
  }
}
