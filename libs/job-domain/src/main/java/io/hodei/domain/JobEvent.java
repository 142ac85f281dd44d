package io.hodei.domain;

import java.time.Instant;

/// What happened to a job. The simple names are those on `hodei.job-events`.
public sealed interface JobEvent {
  record JobSubmitted(JobId id, JobSpec spec, Origin origin) implements JobEvent {}

  /// Waits for a worker, from `eligibleAt` on, until `deadline`.
  record JobQueued(Instant eligibleAt, Instant deadline) implements JobEvent {}

  /// A worker is being made for it on this provider instance.
  record JobScheduled(Assignment assignment, String provider, String providerId) implements JobEvent {}

  /// Its worker has connected.
  record JobAssigned(Assignment assignment) implements JobEvent {}

  /// Its worker has the permission to execute.
  record JobStarted(Assignment assignment) implements JobEvent {}

  record JobAttemptEnded(Assignment assignment, AttemptResult result) implements JobEvent {}

  /// Attempt `attempt` may start at `dueAt`.
  record JobRetryScheduled(int attempt, Instant dueAt) implements JobEvent {}

  record JobCancelRequested(String actor) implements JobEvent {}

  record JobCompleted(JobState state, AttemptResult result) implements JobEvent {}

  /// The event's name on the topic.
  default String type() {
    return getClass().getSimpleName();
  }
}
