package io.hodei.domain;

/// What can be asked of a job that exists.
public sealed interface JobCommand {
  /// Make a worker for it, on this provider instance.
  record ScheduleJob(WorkerId worker, String provider, String providerId) implements JobCommand {}

  /// This idle worker takes it.
  record BindJob(WorkerId worker) implements JobCommand {}

  /// Its worker has connected.
  record AssignJob(WorkerId worker) implements JobCommand {}

  /// Its worker asks for the permission to execute.
  record StartJob(WorkerId worker, long epoch) implements JobCommand {}

  /// The attempt on this worker ended: told by its agent, or proved by its death.
  record EndAttempt(WorkerId worker, long epoch, AttemptResult result) implements JobCommand {}

  record CancelJob(String actor) implements JobCommand {}

  /// The end of its wait in the queue.
  record ExpireQueue() implements JobCommand {}
}
