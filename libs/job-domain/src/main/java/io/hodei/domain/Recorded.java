package io.hodei.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An event with what stood before and after it.
public sealed interface Recorded {
  Instant at();

  Cause cause();

  record OfJob(JobEvent event, @Nullable Job before, Job after, Instant at, Cause cause) implements Recorded {}

  record OfWorker(WorkerEvent event, @Nullable Worker before, Worker after, Instant at, Cause cause) implements Recorded {}

  record OfProvider(ProviderEvent event, Provider after, Instant at, Cause cause) implements Recorded {}

  /// A request that does not become a job. `id` is the one that it names, else derived from its source.
  record OfRejection(JobId id, String code, String field, String message, String source, @Nullable String correlationId, Instant at, Cause cause)
      implements Recorded {}
}
