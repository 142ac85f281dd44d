package io.hodei.providers;

import java.time.Instant;

/// The agent of this worker is dead. `message` says what is known: its exit code, the signal, the engine's word. `outOfMemory`: it was killed for
/// reaching the worker's memory limit.
public record WorkerExit(String workerId, Instant seenAt, String message, boolean outOfMemory) {
  /// Not for lack of memory, as far as is known.
  public WorkerExit(String workerId, Instant seenAt, String message) {
    this(workerId, seenAt, message, false);
  }
}
