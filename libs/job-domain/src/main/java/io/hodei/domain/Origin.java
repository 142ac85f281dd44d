package io.hodei.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Where a job comes from. `source` is the topic-partition-offset of its request.
public record Origin(String source, String requestHash, Instant submittedAt, String correlationId, String actor, @Nullable String traceparent) {}
