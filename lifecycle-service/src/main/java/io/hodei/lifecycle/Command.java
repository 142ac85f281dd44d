package io.hodei.lifecycle;

import io.hodei.providers.WorkerExit;
import io.hodei.providers.WorkerShape;
import io.hodei.providers.WorkerTerms;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What is to be done for one worker, in the order of its lane.
public sealed interface Command {
  String workerId();

  /// Create it, unless it is too late. `provider` is the type.
  record Provision(String workerId, @Nullable String jobId, String pool, String provider, WorkerShape shape, WorkerTerms terms,
      @Nullable Instant validUntil, String correlationId) implements Command {
    /// On no terms in particular.
    public Provision(String workerId, @Nullable String jobId, String pool, String provider, WorkerShape shape, @Nullable Instant validUntil,
        String correlationId) {
      this(workerId, jobId, pool, provider, shape, WorkerTerms.NONE, validUntil, correlationId);
    }
  }

  /// Destroy all of it. `reason` and `cause` are the dispatcher's and only passed to the log.
  record Destroy(String workerId, @Nullable String jobId, Duration grace, String cause, String reason, int tries,
      String correlationId) implements Command {}

  /// Tell that its agent died: not asked by anybody, but told in order with the rest.
  record TellExit(String workerId, WorkerExit exit) implements Command {}
}
