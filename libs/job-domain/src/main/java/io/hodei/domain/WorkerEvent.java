package io.hodei.domain;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What happened to a worker. The simple names are those on `hodei.worker-events`; a [Silent] one changes the row only.
public sealed interface WorkerEvent {
  /// Not told to the world.
  sealed interface Silent extends WorkerEvent {}

  record WorkerProvisioningRequested(WorkerId id, String pool, String provider, String providerId, WorkerMode mode, String shape, Duration lifetime,
      Binding binding, Instant deadline)
      implements WorkerEvent {}

  record TokenRecorded(String hash) implements Silent {}

  /// `ttl` is for how long it would be kept.
  record WorkerCreated(@Nullable String providerRef, Duration ttl, Instant deadline) implements WorkerEvent {}

  record ReferenceRecorded(String providerRef) implements Silent {}

  record WorkerConnected(String bootId) implements WorkerEvent {}

  /// Another agent claims to be this worker.
  record WorkerConnectionRefused(String bootId) implements WorkerEvent {}

  /// Connected for the first time, or free again.
  record WorkerReady(Instant deadline) implements WorkerEvent {}

  record WorkerBusy(Binding binding, Instant deadline) implements WorkerEvent {}

  record StartRecorded(Instant deadline) implements Silent {}

  record DeadlineMoved(Instant deadline) implements Silent {}

  record WorkerHeartbeat() implements WorkerEvent {}

  record WorkerJobCompleted(AttemptResult result) implements WorkerEvent {}

  /// Takes no job any more; nobody's wish when it is kept after a failure.
  record WorkerDraining(@Nullable String actor, Instant deadline) implements WorkerEvent {}

  record WorkerIdleTimeout(Duration idle) implements WorkerEvent {}

  record WorkerLost(String message) implements WorkerEvent {}

  record WorkerFailedSelfReported(String message) implements WorkerEvent {}

  /// `held`: its destruction is not asked for yet.
  record WorkerTerminating(Ending ending, boolean held, Instant deadline) implements WorkerEvent {}

  /// The destruction of one that was held is asked for, by `cause`.
  record DestroyBegun(DestroyCause cause, Instant deadline) implements Silent {}

  record DestroyRepeated(Instant deadline) implements Silent {}

  record WorkerDestroyFailed(String message, Instant deadline) implements WorkerEvent {}

  record WorkerTerminated(Instant goneAt) implements WorkerEvent {}

  record WorkerCleanedUp(Instant forgetAt) implements WorkerEvent {}

  /// The event's name on the topic.
  default String type() {
    return getClass().getSimpleName();
  }
}
