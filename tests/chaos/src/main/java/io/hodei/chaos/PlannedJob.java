package io.hodei.chaos;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A job to submit: when, by which way, whether its worker is one that takes one job after the other, whether the request is repeated after it was accepted, and how long after that it is cancelled.
record PlannedJob(Duration at, int number, JobKind kind, int size, int maxAttempts, Way way, boolean reused, boolean repeated,
    @Nullable Duration cancelAfter) {
  /// HTTP with an id of the client's, with a key, with both; a JSON record on the topic.
  enum Way { ID, KEY, ID_AND_KEY, RECORD }

  /// The client's own name of the request.
  String request() {
    return "job-" + number;
  }

  boolean hasId() {
    return way != Way.KEY;
  }

  boolean hasKey() {
    return way == Way.KEY || way == Way.ID_AND_KEY;
  }

  /// The lines that it writes when it succeeds, numbered from 1.
  int lines() {
    return switch (kind) {
      case SHORT, FLAKY, NOISY -> size;
      case LONG, KILLS_ITS_AGENT -> 2 * size;
      case FAILING, CANCELLED_EARLY, CANCELLED_RUNNING, TIMED_OUT -> 0;
    };
  }
}
