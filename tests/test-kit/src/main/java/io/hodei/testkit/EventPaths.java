package io.hodei.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/// Checks event sequences against the seeds' transition tables, from outside: sequences without gaps or repeats, each step legal, one
/// terminal state at most, attempts one after the other.
public final class EventPaths {
  private static final Map<String, Set<String>> JOB = Map.of(
      "PENDING", Set.of("SCHEDULED", "ASSIGNED", "FAILED", "CANCELLED", "TIMEOUT"),
      "SCHEDULED", Set.of("ASSIGNED", "PENDING", "FAILED", "CANCELLED", "TIMEOUT"),
      "ASSIGNED", Set.of("RUNNING", "PENDING", "FAILED", "CANCELLED", "TIMEOUT"),
      "RUNNING", Set.of("SUCCEEDED", "FAILED", "CANCELLED", "TIMEOUT", "PENDING"),
      "SUCCEEDED", Set.of(), "FAILED", Set.of(), "CANCELLED", Set.of(), "TIMEOUT", Set.of());
  private static final Map<String, Set<String>> WORKER = Map.of(
      "CREATING", Set.of("CONNECTING", "TERMINATING"), "CONNECTING", Set.of("READY", "TERMINATING"),
      "READY", Set.of("BUSY", "DRAINING", "TERMINATING"), "BUSY", Set.of("READY", "DRAINING", "TERMINATING"),
      "DRAINING", Set.of("READY", "TERMINATING"), "TERMINATING", Set.of("TERMINATED"), "TERMINATED", Set.of());

  private EventPaths() {}

  /// What is wrong with the jobs' paths; empty when nothing is.
  public static List<String> ofJobs(List<GenericRecord> events) {
    return check(events.stream().filter(event -> !text(event, "type").equals("JobRejected")).toList(), "jobId", JOB);
  }

  public static List<String> ofWorkers(List<GenericRecord> events) {
    return check(events.stream().filter(event -> event.get("workerId") != null).toList(), "workerId", WORKER);
  }

  private static List<String> check(List<GenericRecord> events, String keyField, Map<String, Set<String>> table) {
    List<String> wrong = new ArrayList<>();
    Map<String, String> states = new HashMap<>();
    Map<String, Long> sequences = new LinkedHashMap<>();
    Map<String, Integer> started = new HashMap<>();
    Set<String> ids = new HashSet<>();
    for (GenericRecord event : events) {
      String key = text(event, keyField);
      String type = text(event, "type");
      if (!ids.add(text(event, "eventId"))) {
        wrong.add(key + ": event " + text(event, "eventId") + " twice");
      }
      long sequence = Objects.requireNonNullElse((Long) event.get("sequence"), -1L);
      long expected = sequences.getOrDefault(key, 0L) + 1;
      if (sequence != expected) {
        wrong.add(key + ": expected sequence " + expected + " at " + type + ", but found " + sequence);
      }
      sequences.put(key, sequence);
      String from = optional(event, "fromState");
      String to = optional(event, "toState");
      if (to != null) {
        if (!Objects.equals(from, states.get(key))) {
          wrong.add(key + ": " + type + " says it was " + from + ", but it was " + states.get(key));
        }
        if (from != null && !table.getOrDefault(from, Set.of()).contains(to)) {
          wrong.add(key + ": illegal " + from + " → " + to + " by " + type);
        }
        states.put(key, to);
      }
      if (type.equals("JobStarted")) {
        int attempt = (Integer) event.get("attempt");
        if (attempt <= started.getOrDefault(key, 0)) {
          wrong.add(key + ": attempt " + attempt + " started twice");
        }
        started.put(key, attempt);
      }
    }
    return wrong;
  }

  public static String text(GenericRecord record, String field) {
    return String.valueOf(record.get(field));
  }

  public static @Nullable String optional(GenericRecord record, String field) {
    Object value = record.get(field);
    return value == null ? null : value.toString();
  }
}
