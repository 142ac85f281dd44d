package io.hodei.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A job ends as its command makes it end, or for a reason that its request allows for: nothing else is made of it.
public final class EndsAsAsked implements Promise {
  @Override
  public List<Violation> check(History history) {
    List<Violation> found = new ArrayList<>();
    Map<String, List<Event>> events = history.eventsByJob();
    history.acceptedByJob().forEach((job, submission) -> {
      Event end = History.completion(events.getOrDefault(job, List.of()));
      if (end != null && !submission.allows(end.to(), end.reason())) {
        found.add(violation(job, "a job of kind " + submission.kind() + " may end as " + submission.endings().stream().sorted().toList()
            + ", but " + end.words() + " says " + end.to() + "/" + end.reason()));
      }
    });
    return found;
  }
}
