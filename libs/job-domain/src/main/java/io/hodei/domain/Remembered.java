package io.hodei.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What an id or a key stands for. `finalState` is null while the job is open; `expiresAt` null: not yet known.
public record Remembered(JobId job, String requestHash, @Nullable JobState finalState, @Nullable Instant expiresAt) {}
