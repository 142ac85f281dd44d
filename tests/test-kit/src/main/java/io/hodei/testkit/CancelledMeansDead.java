package io.hodei.testkit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// I9: from JobCancelRequested on nothing of a job starts and it ends as CANCELLED; from CANCELLED on nothing of it lives. An acknowledged cancel
/// is never forgotten.
public final class CancelledMeansDead implements Promise {
  @Override
  public List<Violation> check(History history) {
    List<Violation> found = new ArrayList<>();
    Map<String, List<Event>> events = history.eventsByJob();
    Map<String, List<Mark>> marks = history.marksByJob();
    events.forEach((job, own) -> judge(job, own, marks.getOrDefault(job, List.of()), found));
    history.submissions().stream().filter(submission -> submission.cancelled() && submission.job() != null).map(Submission::job).distinct().forEach(job -> {
      if (events.getOrDefault(job, List.of()).stream().noneMatch(event -> event.is("JobCancelRequested"))) {
        found.add(violation(String.valueOf(job), "its cancel was acknowledged, but there is no JobCancelRequested"));
      }
    });
    return found;
  }

  private void judge(String job, List<Event> events, List<Mark> marks, List<Violation> found) {
    @Nullable Event asked = null;
    for (Event event : events) {
      if (event.is("JobCancelRequested")) {
        asked = event;
      } else if (asked != null && (event.is("JobScheduled") || event.is("JobAssigned") || event.is("JobStarted"))) {
        found.add(violation(job, event.words() + " after " + asked.words()));
      } else if (asked != null && event.is("JobCompleted") && !"CANCELLED".equals(event.to())) {
        found.add(violation(job, asked.words() + ", but " + event.words() + " says " + event.to()));
      } else if (event.is("JobCompleted") && "CANCELLED".equals(event.to())) {
        // The decision's time is cut to milliseconds: what was written within that millisecond may have come before.
        Instant dead = event.at().plusMillis(1);
        marks.stream().filter(mark -> !mark.at().isBefore(dead)).findFirst().ifPresent(mark -> found.add(violation(job, event.words()
            + " says CANCELLED at " + event.at() + ", but attempt " + mark.attempt() + " on worker " + mark.worker() + " wrote " + mark.what() + " at " + mark.at())));
      }
    }
  }
}
