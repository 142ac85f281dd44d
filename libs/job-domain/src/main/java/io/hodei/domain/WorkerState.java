package io.hodei.domain;

import java.util.EnumSet;
import java.util.Set;

/// Where a worker is. The one table of its transitions; same → same is no transition.
public enum WorkerState {
  /// Its row exists; its infrastructure may.
  CREATING,
  /// Its infrastructure exists; its agent has not called.
  CONNECTING,
  /// Its agent has called; it has no job.
  READY,
  /// It has a job.
  BUSY,
  /// It takes no further job.
  DRAINING,
  /// Its destruction has been asked for.
  TERMINATING,
  /// Its infrastructure was seen gone.
  TERMINATED;

  /// The one gate.
  public boolean canTransitionTo(WorkerState next) {
    return next().contains(next);
  }

  public boolean isTerminal() {
    return this == TERMINATED;
  }

  private Set<WorkerState> next() {
    return switch (this) {
      case CREATING -> EnumSet.of(CONNECTING, TERMINATING);
      case CONNECTING -> EnumSet.of(READY, TERMINATING);
      case READY -> EnumSet.of(BUSY, DRAINING, TERMINATING);
      case BUSY -> EnumSet.of(READY, DRAINING, TERMINATING);
      case DRAINING -> EnumSet.of(READY, TERMINATING);
      case TERMINATING -> EnumSet.of(TERMINATED);
      case TERMINATED -> EnumSet.noneOf(WorkerState.class);
    };
  }
}
