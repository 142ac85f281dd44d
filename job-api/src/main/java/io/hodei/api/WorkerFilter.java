package io.hodei.api;

import io.hodei.domain.WorkerState;
import io.hodei.schemas.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which workers a list asks for; every condition must hold.
///
/// @param states any of these; empty: any at all
record WorkerFilter(List<String> states, @Nullable String pool, @Nullable String provider, @Nullable String jobId,
    @Nullable Duration idleFor, @Nullable Duration noHeartbeatFor, @Nullable Boolean acceptsJobs) {
  static final String[] PARAMETERS = {"state", "pool", "provider", "jobId", "idleFor", "noHeartbeatFor", "acceptsJobs", "limit", "cursor"};

  private static final List<String> STATES = Arrays.stream(WorkerState.values()).map(Enum::name).toList();

  /// The bit of a state that no worker has.
  private static final int NO_STATE = 1 << 30;

  static WorkerFilter of(Query query) {
    String accepts = query.oneOf("acceptsJobs", List.of("true", "false"));
    return new WorkerFilter(query.someOf("state", STATES), query.text("pool"), query.text("provider"), query.text("jobId"),
        query.duration("idleFor"), query.duration("noHeartbeatFor"), accepts == null ? null : Boolean.valueOf(accepts));
  }

  /// What the index can tell of it.
  Mask mask() {
    int bits = 0;
    for (WorkerState state : WorkerState.values()) {
      boolean possible = (states.isEmpty() || states.contains(state.name()))
          && (noHeartbeatFor == null || state != WorkerState.TERMINATED)
          && (acceptsJobs == null || !acceptsJobs || state == WorkerState.READY);
      bits |= possible ? 1 << state.ordinal() : 0;
    }
    return new Mask(bits == 0 ? NO_STATE : bits, WorkerKind.signature(pool, provider, jobId), null);
  }

  /// The list that this filter makes: the same text for the same conditions, in whatever order they were given.
  String list() {
    return "workers" + new WorkerFilter(states.stream().sorted().distinct().toList(), pool, provider, jobId, idleFor, noHeartbeatFor, acceptsJobs);
  }

  boolean matches(Worker worker, Instant now) {
    return (states.isEmpty() || states.contains(worker.getState()))
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
