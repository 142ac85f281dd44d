package io.hodei.domain;

import org.jspecify.annotations.Nullable;

/// What is true of a job in every state. `attempt` and `epoch` are those of the last assignment, 0 before the first.
public record JobHead(JobId id, JobSpec spec, Origin origin, int attempt, long epoch, @Nullable CancelRequest cancel, JobHistory history) {
  JobHead with(JobHistory changed) {
    return new JobHead(id, spec, origin, attempt, epoch, cancel, changed);
  }

  JobHead with(Assignment assignment) {
    return new JobHead(id, spec, origin, assignment.attempt(), assignment.epoch(), cancel, history);
  }

  JobHead with(CancelRequest request) {
    return new JobHead(id, spec, origin, attempt, epoch, request, history);
  }
}
