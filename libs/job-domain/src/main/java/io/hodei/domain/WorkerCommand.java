package io.hodei.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What can be told or asked of a worker that exists.
public sealed interface WorkerCommand {
  /// Its token was drawn; nothing of it exists yet.
  record RecordToken(String hash) implements WorkerCommand {}

  record RecordCreation(@Nullable String providerRef) implements WorkerCommand {}

  /// It could not be made.
  record RecordCreateFailure(JobReason jobReason, String message, @Nullable String advice) implements WorkerCommand {
    public RecordCreateFailure(JobReason jobReason, String message) {
      this(jobReason, message, null);
    }
  }

  record Connect(String bootId) implements WorkerCommand {}

  /// Its job was given the permission to execute.
  record RecordStart() implements WorkerCommand {}

  /// It is idle and gets this attempt.
  record BindAttempt(Binding binding) implements WorkerCommand {}

  /// Its attempt ended by the agent's own report, and its job with it in `end` unless that is null. `unfit` says why the agent cannot take
  /// another; null: it can.
  record FinishAttempt(AttemptResult result, @Nullable JobState end, @Nullable String unfit) implements WorkerCommand {}

  /// Its job ended before it executed anything, or shall not execute.
  record ReleaseWorker(String message) implements WorkerCommand {}

  /// Its job shall be killed until `by`, or it is destroyed.
  record HurryAttempt(Instant by) implements WorkerCommand {}

  record RecordBeat() implements WorkerCommand {}

  /// Its agent is dead, or will never live, for `reason`: WORKER_LOST, unless more is known. `advice`: what its provider suggests.
  record RecordExit(JobReason reason, String message, @Nullable String advice) implements WorkerCommand {
    public RecordExit(JobReason reason, String message) {
      this(reason, message, null);
    }

    public RecordExit(String message) {
      this(JobReason.WORKER_LOST, message);
    }
  }

  /// Its agent has been silent for longer than its lease.
  record ExpireLease(String message) implements WorkerCommand {}

  /// The infrastructure does not have it.
  record RecordGhost(long observedSequence) implements WorkerCommand {}

  record ReportFailure(String message) implements WorkerCommand {}

  record DrainWorker(String actor) implements WorkerCommand {}

  record DestroyWorker(String actor) implements WorkerCommand {}

  /// A garbage collection cycle found that its attempt ended and that nobody has had it destroyed.
  record CollectWorker() implements WorkerCommand {}

  record RecordDestroyFailure(String message) implements WorkerCommand {}

  record RecordGone(Instant goneAt) implements WorkerCommand {}

  /// A complete look after its end found nothing of it.
  record RecordClean() implements WorkerCommand {}

  /// It is idle, and its slot is wanted for something else.
  record RetireWorker(String message) implements WorkerCommand {}

  /// Its pool has changed.
  record ReviseDeadline() implements WorkerCommand {}

  /// Its deadline has passed. Whoever decides has listened since `listeningSince`, and will by `heardOut` have read what was told before.
  record ExpireDeadline(Instant listeningSince, Instant heardOut) implements WorkerCommand {}
}
