package io.hodei.domain;

import org.jspecify.annotations.Nullable;

/// How an attempt ended. Success is EXIT_CODE with exit code 0. `log` is null when the agent told nothing.
public record AttemptResult(JobReason reason, @Nullable Category category, @Nullable Integer exitCode, @Nullable Integer signal,
    @Nullable String message, @Nullable String suggestedAction, @Nullable LogRef log) {
  public boolean isSuccess() {
    return reason == JobReason.EXIT_CODE && exitCode != null && exitCode == 0;
  }

  /// A failure that is not the job's doing.
  static AttemptResult failure(JobReason reason, Category category, String message, String suggestedAction) {
    return new AttemptResult(reason, category, null, null, message, suggestedAction, null);
  }
}
