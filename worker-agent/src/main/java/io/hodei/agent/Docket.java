package io.hodei.agent;

import io.hodei.gateway.v1.Assignment;
import org.jspecify.annotations.Nullable;

/// What an agent has been given to do: one attempt at a time, each assignment once however often it is told, one more in waiting while the
/// end of the current one is being acknowledged, and nothing after [#close]. A cancel may come before its assignment. Not thread-safe.
public final class Docket {
  private @Nullable Assignment current;
  private @Nullable Assignment next;
  private int lastNumber;
  private String cancelled = "";
  private boolean closed;

  /// What is to begin now; null when it was told before, has to wait, or nothing is taken any more.
  public @Nullable Assignment offered(Assignment job) {
    int number = Math.max(1, job.getNumber());
    if (closed || number <= lastNumber) {
      return null;
    }
    lastNumber = number;
    if (current != null) {
      next = job;
      return null;
    }
    current = job;
    return job;
  }

  /// The end of the current attempt is acknowledged. What is to begin now: the assignment that has come meanwhile; null when there is none, or
  /// nothing is taken any more.
  public @Nullable Assignment free() {
    current = closed ? null : next;
    next = null;
    return current;
  }

  /// An attempt is cancelled; whether it is the current one.
  public boolean cancelled(String jobId, long epoch) {
    cancelled = attemptOf(jobId, epoch);
    return current != null && isCancelled(current);
  }

  /// Whether the last cancel meant this.
  public boolean isCancelled(Assignment job) {
    return cancelled.equals(attemptOf(job.getJobId(), job.getEpoch()));
  }

  /// Nothing is taken any more; false when so it was before.
  public boolean close() {
    boolean first = !closed;
    closed = true;
    return first;
  }

  public boolean isClosed() {
    return closed;
  }

  /// Why an agent may take no other assignment after this one, because of how it ended; null when it may.
  public static @Nullable String unfitAfter(Assignment job, boolean success) {
    return job.getKeepOnFailure() && !success ? "Its attempt failed, and its pool keeps what such an attempt leaves." : null;
  }

  private static String attemptOf(String jobId, long epoch) {
    return jobId + "#" + epoch;
  }
}
