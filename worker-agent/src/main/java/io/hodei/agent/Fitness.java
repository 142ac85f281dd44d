package io.hodei.agent;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Whether the agent may take another job after one: when the next finds all as the first did. Run's thread, while nothing of a job is alive.
final class Fitness {
  private final WorkerFile worker;
  private final Scratch scratch;
  private @Nullable Volumes volumes;
  private @Nullable Standing standing;

  Fitness(WorkerFile worker) {
    this.worker = worker;
    this.scratch = Scratch.of(worker);
  }

  /// Before a job; only the first counts.
  void remember() {
    if (standing == null) {
      try {
        volumes = Volumes.of(worker);
        standing = Standing.now();
      } catch (IOException e) {
        Say.error("fitness_unknown", "message", e);
      }
    }
  }

  /// After a job: removes what it has left. Null when the next may come, else what it would find.
  @Nullable String lost() {
    String left = scratch.clean();
    if (left != null) {
      return left;
    }
    if (volumes == null || standing == null) {
      return "Expected to know how the worker was before its first job, but /proc could not be read; its log has more.";
    }
    try {
      String carried = volumes.carried();
      return carried == null ? standing.changedIn(Standing.now()) : carried;
    } catch (IOException e) {
      return "Expected to see whether the worker is as it was before its first job, but " + e;
    }
  }
}
