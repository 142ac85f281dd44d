package io.hodei.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// I2, second half: no two attempts of a job live at once, by the log and by their own signs of life.
public final class NoTwoLiveExecutions implements Promise {
  @Override
  public List<Violation> check(History history) {
    List<Violation> found = new ArrayList<>();
    history.eventsByJob().forEach((job, events) -> byTheLog(job, events, found));
    history.marksByJob().forEach((job, marks) -> byTheirOwnSigns(job, marks, found));
    return found;
  }

  private void byTheLog(String job, List<Event> events, List<Violation> found) {
    @Nullable Event open = null;
    for (Event event : events) {
      if (event.beginsAttempt()) {
        if (open != null) {
          found.add(violation(job, event.words() + " while " + open.words() + " had not ended"));
        }
        open = event;
      } else if (event.is("JobAttemptEnded") && open != null && open.attemptNumber() == event.attemptNumber()) {
        open = null;
      }
    }
  }

  private void byTheirOwnSigns(String job, List<Mark> marks, List<Violation> found) {
    Map<Integer, Mark> firsts = new HashMap<>();
    Map<Integer, Mark> lasts = new HashMap<>();
    marks.forEach(mark -> {
      firsts.putIfAbsent(mark.attempt(), mark);
      lasts.put(mark.attempt(), mark);
    });
    lasts.forEach((attempt, last) -> firsts.forEach((later, first) -> {
      if (later > attempt && !last.at().isBefore(first.at())) {
        found.add(violation(job, "attempt " + attempt + " on worker " + last.worker() + " lived at " + last.at() + " (" + last.what() + "), but attempt "
            + later + " on worker " + first.worker() + " had begun at " + first.at()));
      }
    }));
  }
}
