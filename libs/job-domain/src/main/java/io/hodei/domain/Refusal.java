package io.hodei.domain;

/// Why a command was refused. Refusals are values: nothing changes.
public enum Refusal {
  /// Nobody knows the job.
  UNKNOWN_JOB,
  /// Nobody knows the worker.
  UNKNOWN_WORKER,
  /// The job has ended otherwise.
  ALREADY_TERMINAL,
  /// It has been said before.
  DUPLICATE,
  /// The job is another one than the id or key stands for.
  CONFLICT,
  /// The assignment is not the current one.
  STALE_EPOCH,
  /// The agent is not the one that the worker is bound to.
  WRONG_BOOT,
  /// Cancelled: nothing starts any more.
  CANCEL_REQUESTED,
  /// The lifecycle of workers is switched off.
  LIFECYCLE_OFF,
  /// Not in this state.
  NOT_IN_THIS_STATE
}
