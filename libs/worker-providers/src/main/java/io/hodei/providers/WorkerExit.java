package io.hodei.providers;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The agent of this worker is dead, or will never live. `message` says what is known: its exit code, the signal, the engine's word.
/// `suggestedAction`: what a person can do; null: nothing in particular.
public record WorkerExit(String workerId, Instant seenAt, String message, Reason reason, @Nullable String suggestedAction) {
  /// Why, in the words of the job reasons.
  public enum Reason { WORKER_LOST, OOM_KILLED, IMAGE_ERROR, START_FAILED, PROVISION_FAILED, MAX_LIFETIME }

  /// For no reason that is known. `outOfMemory`: but for reaching the worker's memory limit.
  public WorkerExit(String workerId, Instant seenAt, String message, boolean outOfMemory) {
    this(workerId, seenAt, message, outOfMemory ? Reason.OOM_KILLED : Reason.WORKER_LOST, null);
  }

  /// Not for lack of memory, as far as is known.
  public WorkerExit(String workerId, Instant seenAt, String message) {
    this(workerId, seenAt, message, false);
  }

  /// Whether it was killed for reaching the worker's memory limit.
  public boolean outOfMemory() {
    return reason == Reason.OOM_KILLED;
  }
}
