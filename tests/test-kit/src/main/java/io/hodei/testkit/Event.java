package io.hodei.testkit;

import java.time.Instant;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/// An event of a public topic, as far as the checkers look: `sequence` is 0 where the topic has none; `at` is the decision's time.
public record Event(String topic, long offset, String type, String id, Instant at, long sequence, @Nullable String job, @Nullable String worker,
    @Nullable Integer attempt, @Nullable String from, @Nullable String to, @Nullable String reason, @Nullable String causation,
    @Nullable String pool) {

  /// A decoded record of `topic` at `offset`.
  public static Event of(String topic, long offset, GenericRecord record) {
    return new Event(topic, offset, Topics.text(record, "type"), Topics.text(record, "eventId"), Instant.ofEpochMilli((Long) record.get("occurredAt")),
        record.get("sequence") instanceof Long sequence ? sequence : 0, Topics.optional(record, "jobId"), Topics.optional(record, "workerId"),
        record.get("attempt") instanceof Integer attempt ? attempt : null, Topics.optional(record, "fromState"), Topics.optional(record, "toState"),
        Topics.optional(record, "reason"), Topics.optional(record, "causationId"), Topics.optional(record, "pool"));
  }

  public boolean is(String wanted) {
    return type.equals(wanted);
  }

  /// A worker is made for an attempt, or an idle one takes it.
  public boolean beginsAttempt() {
    return is("JobScheduled") || (is("JobAssigned") && "PENDING".equals(from));
  }

  /// The attempt, 0 where there is none.
  public int attemptNumber() {
    return attempt == null ? 0 : attempt;
  }

  /// As sentences name it: `JobStarted of attempt 2 (offset 17)`.
  public String words() {
    return type + (attempt == null ? "" : " of attempt " + attempt) + " (offset " + offset + ")";
  }
}
