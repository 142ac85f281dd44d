package io.hodei.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A job: one record per state, each with only what is true in that state.
public sealed interface Job {
  JobHead head();

  JobState state();

  default JobId id() {
    return head().id();
  }

  /// The current assignment; null when there is none.
  default @Nullable Assignment assignment() {
    return null;
  }

  /// Waits for a worker, from `eligibleAt` on, until `deadline`.
  record Pending(JobHead head, Instant queuedAt, Instant eligibleAt, Instant deadline) implements Job {
    @Override
    public JobState state() {
      return JobState.PENDING;
    }
  }

  /// Its worker is being made.
  record Scheduled(JobHead head, Assignment assignment) implements Job {
    @Override
    public JobState state() {
      return JobState.SCHEDULED;
    }
  }

  /// Its worker has connected; nothing has been executed.
  record Assigned(JobHead head, Assignment assignment) implements Job {
    @Override
    public JobState state() {
      return JobState.ASSIGNED;
    }
  }

  /// Its worker has the permission to execute.
  record Running(JobHead head, Assignment assignment, Instant startedAt) implements Job {
    @Override
    public JobState state() {
      return JobState.RUNNING;
    }
  }

  /// Terminal.
  record Ended(JobHead head, JobState state, AttemptResult result, Instant finishedAt) implements Job {}
}
