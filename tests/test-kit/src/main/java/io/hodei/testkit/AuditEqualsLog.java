package io.hodei.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// I10: the audit holds each event of the log exactly once, and nothing else.
public final class AuditEqualsLog implements Promise {
  @Override
  public List<Violation> check(History history) {
    List<Violation> found = new ArrayList<>();
    Map<String, Integer> rows = new HashMap<>();
    history.audit().forEach(id -> rows.merge(id, 1, Integer::sum));
    Map<String, Event> seen = new HashMap<>();
    Stream.of(history.jobEvents(), history.workerEvents(), history.gcEvents()).flatMap(List::stream).forEach(event -> {
      Event before = seen.putIfAbsent(event.id(), event);
      int count = rows.getOrDefault(event.id(), 0);
      if (before != null) {
        found.add(violation(event.id(), "one event id for " + before.words() + " on " + before.topic() + " and " + event.words() + " on " + event.topic()));
      } else if (count != 1) {
        found.add(violation(event.id(), event.words() + " on " + event.topic() + " is in the audit " + count + " times"));
      }
    });
    rows.keySet().stream().filter(id -> !seen.containsKey(id)).forEach(id -> found.add(violation(id, "the audit has it, but no topic")));
    return found;
  }
}
