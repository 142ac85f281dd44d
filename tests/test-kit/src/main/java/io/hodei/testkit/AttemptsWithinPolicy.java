package io.hodei.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// I3: a job has no more attempts than it was allowed, and they are numbered from 1 without gaps.
public final class AttemptsWithinPolicy implements Promise {
  @Override
  public List<Violation> check(History history) {
    List<Violation> found = new ArrayList<>();
    Map<String, Submission> accepted = history.acceptedByJob();
    history.eventsByJob().forEach((job, events) -> {
      int attempts = 0;
      for (Event event : events) {
        if (event.beginsAttempt()) {
          attempts++;
          if (event.attemptNumber() != attempts) {
            found.add(violation(job, "expected attempt " + attempts + ", but found " + event.words()));
            attempts = event.attemptNumber();
          }
          Submission submission = accepted.get(job);
          if (submission != null && attempts > submission.maxAttempts()) {
            found.add(violation(job, "allowed " + submission.maxAttempts() + " attempts, but there is " + event.words()));
          }
        }
      }
    });
    return found;
  }
}
