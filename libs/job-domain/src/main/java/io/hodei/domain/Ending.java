package io.hodei.domain;

import org.jspecify.annotations.Nullable;

/// Why a worker is destroyed, who had it done, and what its job is told when it had not ended before. `advice`: what its provider suggests; null: nothing
/// in particular.
public record Ending(TerminationReason reason, DestroyCause cause, JobReason jobReason, Category category, String message, @Nullable String advice) {
  /// Without advice.
  public Ending(TerminationReason reason, DestroyCause cause, JobReason jobReason, Category category, String message) {
    this(reason, cause, jobReason, category, message, null);
  }

  Ending by(DestroyCause other) {
    return new Ending(reason, other, jobReason, category, message, advice);
  }
}
