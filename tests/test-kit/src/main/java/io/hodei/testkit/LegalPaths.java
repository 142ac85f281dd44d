package io.hodei.testkit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// I4: each job's and each worker's events are a legal path by the seeds' transition tables: sequence numbers without gaps or repeats, each step
/// from where the last one led, nothing after the end but a worker's clean-up; and a job's row is where its path ends.
public final class LegalPaths implements Promise {
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
  private static final Set<String> AFTER_THE_END = Set.of("WorkerCleanedUp");

  @Override
  public List<Violation> check(History history) {
    List<Violation> found = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    Map<String, List<Event>> jobs = history.eventsByJob();
    jobs.forEach((job, events) -> found.addAll(path(job, events, JOB, "PENDING", ids)));
    history.eventsByWorker().forEach((worker, events) -> found.addAll(path(worker, events, WORKER, "CREATING", ids)));
    for (JobRow row : history.jobs()) {
      List<Event> events = jobs.getOrDefault(row.job(), List.of());
      long last = events.isEmpty() ? 0 : events.getLast().sequence();
      if (row.sequence() != last) {
        found.add(violation(row.job(), "its last event has sequence " + last + ", but its row " + row.sequence()));
      }
    }
    return found;
  }

  private List<Violation> path(String key, List<Event> events, Map<String, Set<String>> table, String first, Set<String> ids) {
    List<Violation> found = new ArrayList<>();
    long sequence = 0;
    @Nullable String state = null;
    for (Event event : events) {
      if (!ids.add(event.id())) {
        found.add(violation(key, event.words() + " has the id " + event.id() + " of another event"));
      }
      if (event.sequence() != sequence + 1) {
        found.add(violation(key, "expected sequence " + (sequence + 1) + " at " + event.words() + ", but found " + event.sequence()));
      }
      sequence = event.sequence();
      if (state != null && table.getOrDefault(state, Set.of()).isEmpty() && !AFTER_THE_END.contains(event.type())) {
        found.add(violation(key, event.words() + " after it was " + state));
      }
      String to = event.to();
      if (to != null) {
        if (!Objects.equals(event.from(), state)) {
          found.add(violation(key, event.words() + " says it was " + event.from() + ", but it was " + state));
        }
        if (state == null ? !to.equals(first) : !table.getOrDefault(state, Set.of()).contains(to)) {
          found.add(violation(key, "illegal " + state + " → " + to + " by " + event.words()));
        }
        state = to;
      }
    }
    return found;
  }
}
