package io.hodei.domain;

import java.time.Instant;

/// The two halves of the heart as a shard calls them. [#REAL] everywhere but where tests break one on purpose, to see whether anybody notices.
public record Rules(JobRule jobs, WorkerRule workers) {
  /// What Hodei does.
  public static final Rules REAL = new Rules(JobDecisions::decide, WorkerDecisions::decide);

  /// As [JobDecisions#decide].
  @FunctionalInterface
  public interface JobRule {
    Verdict<JobEvent> decide(Job job, JobCommand command, Instant now);
  }

  /// As [WorkerDecisions#decide].
  @FunctionalInterface
  public interface WorkerRule {
    Verdict<WorkerEvent> decide(Worker worker, WorkerCommand command, PoolPolicy pool, Flags flags, Instant now);
  }
}
