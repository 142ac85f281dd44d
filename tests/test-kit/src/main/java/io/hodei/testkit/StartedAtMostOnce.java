package io.hodei.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// I2, first half: each attempt is started at most once, by the log and by what it wrote itself, and none without the log's knowledge.
public final class StartedAtMostOnce implements Promise {
  @Override
  public List<Violation> check(History history) {
    List<Violation> found = new ArrayList<>();
    Set<String> granted = new HashSet<>();
    Map<String, Event> first = new HashMap<>();
    for (Event event : history.jobEvents()) {
      if (event.is("JobStarted")) {
        granted.add(event.job() + " " + event.attempt() + " " + event.worker());
        Event before = first.putIfAbsent(event.job() + " " + event.attempt(), event);
        if (before != null) {
          found.add(violation(String.valueOf(event.job()), before.words() + " and again " + event.words()));
        }
      }
    }
    Map<String, Mark> seen = new HashMap<>();
    for (Mark mark : history.marks()) {
      if (mark.isStart()) {
        Mark before = seen.putIfAbsent(mark.job() + " " + mark.attempt(), mark);
        if (before != null) {
          found.add(violation(mark.job(), "attempt " + mark.attempt() + " ran at " + before.at() + " on worker " + before.worker() + " and again at "
              + mark.at() + " on worker " + mark.worker()));
        }
        if (!granted.contains(mark.job() + " " + mark.attempt() + " " + mark.worker())) {
          found.add(violation(mark.job(), "attempt " + mark.attempt() + " ran at " + mark.at() + " on worker " + mark.worker()
              + ", but there is no JobStarted of it"));
        }
      }
    }
    return found;
  }
}
