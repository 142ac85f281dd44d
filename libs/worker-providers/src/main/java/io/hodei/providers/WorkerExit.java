package io.hodei.providers;

import java.time.Instant;

/// The agent of this worker is dead. `message` says what is known: its exit code, the signal, the engine's word.
public record WorkerExit(String workerId, Instant seenAt, String message) {}
