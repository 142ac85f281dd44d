package io.hodei.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// I7: an attempt ends, and with it the way is free for the next one, only by a proof that it is dead: its agent's own report, its worker seen
/// gone, or silence of worker and provider for the whole limit.
public final class ProvedDead implements Promise {
  private static final String SILENCE = "timer:no-contact";

  @Override
  public List<Violation> check(History history) {
    List<Violation> found = new ArrayList<>();
    Map<String, Event> reports = new HashMap<>();
    history.workerEvents().stream().filter(event -> event.is("WorkerJobCompleted")).forEach(event -> reports.putIfAbsent(attempt(event), event));
    Map<String, Event> ends = history.terminatedByWorker();
    history.eventsByJob().forEach((job, events) -> {
      Map<Integer, Event> ended = new HashMap<>();
      for (Event event : events) {
        if (event.is("JobAttemptEnded")) {
          ended.put(event.attemptNumber(), event);
          if (!early(reports.get(attempt(event)), event) && !early(ends.get(String.valueOf(event.worker())), event)
              && !SILENCE.equals(event.causation())) {
            found.add(violation(job, event.words() + " at " + event.at() + " for " + event.reason() + ", but worker " + event.worker()
                + " had neither reported its end nor been seen gone: " + words(ends.get(String.valueOf(event.worker())))));
          }
        } else if (event.beginsAttempt() && event.attemptNumber() > 1 && !ended.containsKey(event.attemptNumber() - 1)) {
          found.add(violation(job, event.words() + ", but there is no JobAttemptEnded of the one before"));
        }
      }
    });
    return found;
  }

  /// Of a worker that takes one job after the other, only the report of this very attempt proves anything.
  private static String attempt(Event event) {
    return event.worker() + " " + event.job() + " " + event.attempt();
  }

  private static boolean early(@org.jspecify.annotations.Nullable Event proof, Event end) {
    return proof != null && !proof.at().isAfter(end.at());
  }

  private static String words(@org.jspecify.annotations.Nullable Event terminated) {
    return terminated == null ? "there is no WorkerTerminated" : terminated.words() + " came at " + terminated.at();
  }
}
