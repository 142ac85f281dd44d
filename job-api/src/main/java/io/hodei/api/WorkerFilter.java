package io.hodei.api;

import io.hodei.domain.WorkerState;
import io.hodei.schemas.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which workers a list asks for; every condition must hold.
record WorkerFilter(@Nullable String state, @Nullable String pool, @Nullable String provider, @Nullable String jobId,
    @Nullable Duration idleFor, @Nullable Duration noHeartbeatFor, @Nullable Boolean acceptsJobs) {
  static final String[] PARAMETERS = {"state", "pool", "provider", "jobId", "idleFor", "noHeartbeatFor", "acceptsJobs"};

  private static final List<String> STATES = Arrays.stream(WorkerState.values()).map(Enum::name).toList();

  static WorkerFilter of(Query query) {
    String accepts = query.oneOf("acceptsJobs", List.of("true", "false"));
    return new WorkerFilter(query.oneOf("state", STATES), query.text("pool"), query.text("provider"), query.text("jobId"),
        query.duration("idleFor"), query.duration("noHeartbeatFor"), accepts == null ? null : Boolean.valueOf(accepts));
  }

  boolean matches(Worker worker, Instant now) {
    return (state == null || state.equals(worker.getState()))
        && (pool == null || pool.equals(worker.getPool()))
        && (provider == null || provider.equals(worker.getProvider()))
        && (jobId == null || jobId.equals(worker.getJobId()))
        && (idleFor == null || worker.getIdleSince() != null && !worker.getIdleSince().plus(idleFor).isAfter(now))
        && (noHeartbeatFor == null || isSilent(worker, now.minus(noHeartbeatFor)))
        && (acceptsJobs == null || acceptsJobs == acceptsJobs(worker));
  }

  /// A worker that should beat, and has not since `then`.
  private static boolean isSilent(Worker worker, Instant then) {
    Instant last = worker.getLastHeartbeatAt() == null ? worker.getCreatedAt() : worker.getLastHeartbeatAt();
    return !worker.getState().equals("TERMINATED") && !last.isAfter(then);
  }

  private static boolean acceptsJobs(Worker worker) {
    return worker.getState().equals("READY") && !worker.getDraining();
  }
}
