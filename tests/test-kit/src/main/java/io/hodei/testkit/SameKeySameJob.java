package io.hodei.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// I8: the same id or key is the same job, however often and by whichever way it was asked for.
public final class SameKeySameJob implements Promise {
  @Override
  public List<Violation> check(History history) {
    List<Violation> found = new ArrayList<>();
    Map<String, Set<String>> answered = new LinkedHashMap<>();
    history.submissions().stream().filter(Submission::acknowledged)
        .forEach(submission -> answered.computeIfAbsent(submission.request(), none -> new TreeSet<>()).add(String.valueOf(submission.job())));
    answered.forEach((request, jobs) -> {
      if (jobs.size() > 1) {
        found.add(violation(request, "one request, but the answers name the jobs " + jobs));
      }
    });
    Map<String, Event> submitted = new HashMap<>();
    history.jobEvents().stream().filter(event -> event.is("JobSubmitted")).forEach(event -> {
      Event before = submitted.putIfAbsent(String.valueOf(event.job()), event);
      if (before != null) {
        found.add(violation(String.valueOf(event.job()), before.words() + " and again " + event.words()));
      }
    });
    Map<String, Set<String>> keys = new LinkedHashMap<>();
    history.jobs().stream().filter(row -> row.key() != null)
        .forEach(row -> keys.computeIfAbsent(String.valueOf(row.key()), none -> new TreeSet<>()).add(row.job()));
    keys.forEach((key, jobs) -> {
      if (jobs.size() > 1) {
        found.add(violation(key, "one key, but there are the jobs " + jobs));
      }
    });
    return found;
  }
}
