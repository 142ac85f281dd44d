package io.hodei.api;

import io.hodei.domain.WorkerState;
import io.hodei.schemas.Worker;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What lists can find a worker by.
final class WorkerKind implements Rows.Kind<Worker> {
  @Override
  public String id(Worker worker) {
    return worker.getId();
  }

  @Override
  public Instant at(Worker worker) {
    return worker.getCreatedAt();
  }

  @Override
  public int state(Worker worker) {
    return WorkerState.valueOf(worker.getState()).ordinal();
  }

  @Override
  public @Nullable Instant endedAt(Worker worker) {
    return !worker.getState().equals("TERMINATED") ? null : worker.getTerminatedAt() == null ? at(worker) : worker.getTerminatedAt();
  }

  @Override
  public Signature signature(Worker worker) {
    return signature(worker.getPool(), worker.getProvider(), worker.getJobId());
  }

  /// Of a worker, or of what is asked for.
  static Signature signature(@Nullable String pool, @Nullable String provider, @Nullable String jobId) {
    return Signature.NONE.with("pool", pool).with("provider", provider).with("job", jobId);
  }
}
