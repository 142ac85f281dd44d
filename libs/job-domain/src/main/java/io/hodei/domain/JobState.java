package io.hodei.domain;

import java.util.EnumSet;
import java.util.Set;

/// Where a job is. The one table of its transitions; terminal states have no exit, and same → same is no transition.
public enum JobState {
  /// In the queue, or waiting for its backoff.
  PENDING,
  /// A provider is chosen and a worker is being made.
  SCHEDULED,
  /// A connected worker is chosen.
  ASSIGNED,
  /// The worker has the permission to execute.
  RUNNING,
  SUCCEEDED,
  FAILED,
  CANCELLED,
  TIMEOUT;

  /// The one gate.
  public boolean canTransitionTo(JobState next) {
    return next().contains(next);
  }

  public boolean isTerminal() {
    return next().isEmpty();
  }

  private Set<JobState> next() {
    return switch (this) {
      case PENDING -> EnumSet.of(SCHEDULED, ASSIGNED, FAILED, CANCELLED, TIMEOUT);
      case SCHEDULED -> EnumSet.of(ASSIGNED, PENDING, FAILED, CANCELLED, TIMEOUT);
      case ASSIGNED -> EnumSet.of(RUNNING, PENDING, FAILED, CANCELLED, TIMEOUT);
      case RUNNING -> EnumSet.of(SUCCEEDED, FAILED, CANCELLED, TIMEOUT, PENDING);
      case SUCCEEDED, FAILED, CANCELLED, TIMEOUT -> EnumSet.noneOf(JobState.class);
    };
  }
}
