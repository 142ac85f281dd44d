package io.hodei.domain;

/// Why a worker is destroyed, who had it done, and what its job is told when it had not ended before.
public record Ending(TerminationReason reason, DestroyCause cause, JobReason jobReason, Category category, String message) {
  Ending by(DestroyCause other) {
    return new Ending(reason, other, jobReason, category, message);
  }
}
