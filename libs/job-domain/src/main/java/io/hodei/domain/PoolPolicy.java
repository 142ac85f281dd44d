package io.hodei.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A pool: how many workers, of which provider types (the first that is there is taken) and mode, and the limits of their lives. `maxJobs` of one reusable worker, 0: no limit.
/// `allow` is the JSON text of what its jobs may ask of a provider; null: nothing. `autoCleanup` removes kept workers when their time is over. `template` is what a job gets that does not say otherwise.
public record PoolPolicy(String name, List<String> providers, WorkerMode mode, int maxWorkers, int maxCreating, int maxJobs, boolean autoCleanup,
    boolean orphanDetection, boolean keepOnFailure, PoolTemplate template, @Nullable String allow, PoolTimes times, long generation) {
  /// What a worker may live longer than its attempt's timeout.
  static final Duration LIFETIME_MARGIN = Duration.ofMinutes(2);

  /// How long a row is kept after nothing of the worker was found.
  static final Duration REMEMBERED = Duration.ofHours(24);

  /// When the destruction of a worker that was left to garbage collection is asked for even without it.
  static final Duration COLLECTED_BY = Duration.ofSeconds(45);

  /// When a destruction that could not be asked for is looked at again.
  static final Duration HELD = Duration.ofSeconds(10);

  public PoolPolicy {
    providers = List.copyOf(providers);
  }

  /// Of which nothing may be asked.
  public PoolPolicy(String name, List<String> providers, WorkerMode mode, int maxWorkers, int maxCreating, int maxJobs, boolean autoCleanup,
      boolean orphanDetection, boolean keepOnFailure, PoolTemplate template, PoolTimes times, long generation) {
    this(name, providers, mode, maxWorkers, maxCreating, maxJobs, autoCleanup, orphanDetection, keepOnFailure, template, null, times, generation);
  }

  /// Of one provider, with a template of nothing but `env`.
  public PoolPolicy(String name, String provider, WorkerMode mode, int maxWorkers, int maxCreating, int maxJobs, boolean autoCleanup,
      boolean orphanDetection, boolean keepOnFailure, Map<String, String> env, PoolTimes times, long generation) {
    this(name, List.of(provider), mode, maxWorkers, maxCreating, maxJobs, autoCleanup, orphanDetection, keepOnFailure, new PoolTemplate(null, null, env), times,
        generation);
  }

  /// The same at another generation.
  public PoolPolicy at(long other) {
    return new PoolPolicy(name, providers, mode, maxWorkers, maxCreating, maxJobs, autoCleanup, orphanDetection, keepOnFailure, template, allow, times, other);
  }

  /// When a destruction that was asked `tries` times and not confirmed is asked again.
  static Duration destroyAgainAfter(int tries) {
    return Duration.ofSeconds(Math.min(30, 2L << Math.min(tries, 4)));
  }

  /// The timeout of a job's attempts.
  Duration timeoutOf(JobSpec spec) {
    Duration asked = spec.timeout();
    return asked != null ? asked : times.maxLifetime().compareTo(times.maxJobTimeout()) < 0 ? times.maxLifetime() : times.maxJobTimeout();
  }

  /// How long a worker that is made for an attempt with this timeout may live.
  Duration lifetimeOf(Duration timeout) {
    return mode == WorkerMode.REUSABLE ? times.maxLifetime() : timeout.plus(LIFETIME_MARGIN);
  }

  /// For how long there may be anything of a worker with this lifetime before somebody else than the dispatcher may end it: what passes before its
  /// attempt starts is not the attempt's, and the last job of a reusable one has its own time.
  Duration existenceOf(Duration lifetime) {
    Duration started = times.connectTimeout().plus(lifetime);
    return mode == WorkerMode.REUSABLE ? started.plus(times.maxJobTimeout()).plus(LIFETIME_MARGIN) : started;
  }

  /// Until when a worker may be idle that has been since `since`; at once when its pool reuses workers no more.
  Instant idleUntil(WorkerHead worker, Instant since) {
    Instant idle = mode == WorkerMode.REUSABLE ? since.plus(times.idleTimeout()) : since;
    return idle.isBefore(worker.livesUntil()) ? idle : worker.livesUntil();
  }

  /// Until when a worker is kept whose attempt ended at `ended`.
  Instant keptUntil(WorkerHead worker, Instant ended) {
    Instant ttl = ended.plus(times.ttlAfterCompletion());
    return autoCleanup || worker.livesUntil().isBefore(ttl) ? ttl : worker.livesUntil();
  }

  /// Whether an ended attempt of a job that is not to be tried again leaves its worker for somebody to look at.
  boolean keeps(JobState end) {
    return keepOnFailure && times.ttlAfterCompletion().isPositive() && (end == JobState.FAILED || end == JobState.TIMEOUT);
  }
}
