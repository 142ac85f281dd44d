package io.hodei.domain;

import org.jspecify.annotations.Nullable;

/// Why something is decided: the record (topic-partition-offset) or the timer that led to it, and who is behind it.
/// `correlationId` null: that of the job.
public record Cause(String causationId, String actor, @Nullable String correlationId) {
  static Cause timer(String name) {
    return new Cause("timer:" + name, "dispatcher", null);
  }
}
