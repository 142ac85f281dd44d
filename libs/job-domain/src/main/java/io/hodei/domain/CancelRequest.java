package io.hodei.domain;

import java.time.Instant;

/// Who asked for a cancellation, and when it was recorded.
public record CancelRequest(Instant at, String actor) {}
