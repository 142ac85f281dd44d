package io.hodei.providers;

import java.time.Instant;

/// A worker that a look at `goneAt` did not find. `existed` is false when there was nothing of it to begin with.
public record DestroyedWorker(String workerId, boolean existed, Instant goneAt) {}
