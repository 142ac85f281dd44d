package io.hodei.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A row of `audit.events`.
///
/// @param payload the whole record, as JSON text
record EventRow(String eventId, Place place, String type, @Nullable String jobId, @Nullable String workerId, String correlationId,
    @Nullable String causationId, String actor, @Nullable String tenant, Instant occurredAt, String payload) {}
