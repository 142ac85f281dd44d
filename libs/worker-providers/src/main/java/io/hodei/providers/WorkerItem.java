package io.hodei.providers;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What there is of one worker on the infrastructure. `detail` says it in words: `agent 4711, 3 processes, scratch directory`.
public record WorkerItem(
    String workerId, @Nullable String providerRef, @Nullable Instant createdAt, boolean agentAlive, String detail) {}
