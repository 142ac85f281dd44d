package io.hodei.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// I1: an accepted job is never lost, and reaches exactly one terminal state; nobody runs what nobody asked for.
public final class NoLostJob implements Promise {
  @Override
  public List<Violation> check(History history) {
    List<Violation> found = new ArrayList<>();
    Map<String, List<Event>> events = history.eventsByJob();
    Map<String, JobRow> rows = new HashMap<>();
    history.jobs().forEach(row -> rows.put(row.job(), row));
    history.acceptedByJob().keySet().forEach(job -> judge(job, events.getOrDefault(job, List.of()), rows.get(job), found));
    invented(history, events, rows, found);
    return found;
  }

  private void judge(String job, List<Event> events, @org.jspecify.annotations.Nullable JobRow row, List<Violation> found) {
    if (events.isEmpty()) {
      found.add(violation(job, "accepted, but no event of it is on the log"));
      return;
    }
    List<Event> ends = events.stream().filter(event -> event.is("JobCompleted")).toList();
    if (ends.size() != 1) {
      found.add(violation(job, "expected one JobCompleted, but found " + ends.stream().map(end -> end.to() + " by " + end.words()).toList()
          + "; its last event is " + events.getLast().words()));
    } else if (row == null || !row.state().equals(ends.getFirst().to())) {
      found.add(violation(job, ends.getFirst().words() + " says " + ends.getFirst().to() + ", but its last row says "
          + (row == null ? "nothing" : row.state())));
    }
  }

  private void invented(History history, Map<String, List<Event>> events, Map<String, JobRow> rows, List<Violation> found) {
    java.util.Set<String> asked = new java.util.HashSet<>();
    history.submissions().forEach(submission -> {
      asked.add("job " + submission.job());
      asked.add("key " + submission.key());
    });
    events.forEach((job, own) -> {
      JobRow row = rows.get(job);
      if (!asked.contains("job " + job) && (row == null || row.key() == null || !asked.contains("key " + row.key()))) {
        found.add(violation(job, "nobody asked for it, but there is " + own.getFirst().words()));
      }
    });
  }
}
