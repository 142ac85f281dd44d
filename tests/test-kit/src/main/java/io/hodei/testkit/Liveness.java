package io.hodei.testkit;

import java.util.ArrayList;
import java.util.List;

/// When faults stop, everything ends: every job, every worker.
public final class Liveness implements Promise {
  @Override
  public List<Violation> check(History history) {
    List<Violation> found = new ArrayList<>();
    if (history.quietAt() == null) {
      found.add(violation("all", "faults had stopped, but it did not become quiet in time"));
    }
    history.eventsByJob().forEach((job, events) -> {
      if (History.completion(events) == null) {
        found.add(violation(job, "it has not ended: its last event is " + events.getLast().words() + " at " + events.getLast().at()));
      }
    });
    history.eventsByWorker().forEach((worker, events) -> {
      if (events.stream().noneMatch(event -> event.is("WorkerTerminated"))) {
        found.add(violation(worker, "it has not ended: its last event is " + events.getLast().words() + " at " + events.getLast().at()));
      }
    });
    return found;
  }
}
