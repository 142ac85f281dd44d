package io.hodei.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One step of a job, for people.
public record Transition(Instant at, String type, int attempt, @Nullable WorkerId worker, @Nullable String reason) {}
