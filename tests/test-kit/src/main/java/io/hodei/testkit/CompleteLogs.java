package io.hodei.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// I12: the log of a succeeded job is complete and in order, by the numbers that the job itself has given its lines.
public final class CompleteLogs implements Promise {
  @Override
  public List<Violation> check(History history) {
    List<Violation> found = new ArrayList<>();
    Map<String, JobLog> logs = new HashMap<>();
    history.logs().forEach(log -> logs.put(log.job(), log));
    Map<String, List<Event>> events = history.eventsByJob();
    history.acceptedByJob().forEach((job, submission) -> {
      Event end = History.completion(events.getOrDefault(job, List.of()));
      if (end != null && "SUCCEEDED".equals(end.to()) && submission.lines() > 0) {
        JobLog log = logs.get(job);
        if (log == null) {
          found.add(violation(job, "it SUCCEEDED, but its log could not be read"));
        } else if (!log.complete()) {
          found.add(violation(job, "it SUCCEEDED, but its log of " + log.numbers().size() + " lines is marked incomplete"));
        } else if (!log.numbers().equals(IntStream.rangeClosed(1, submission.lines()).boxed().toList())) {
          found.add(violation(job, "expected the lines 1 to " + submission.lines() + ", but found " + log.numbers().size() + " lines; " + firstWrong(log)));
        }
      }
    });
    return found;
  }

  private static String firstWrong(JobLog log) {
    for (int i = 0; i < log.numbers().size(); i++) {
      if (log.numbers().get(i) != i + 1) {
        return "in place " + (i + 1) + " stands " + log.numbers().get(i);
      }
    }
    return "the rest is missing";
  }
}
