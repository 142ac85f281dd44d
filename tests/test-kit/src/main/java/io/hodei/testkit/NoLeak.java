package io.hodei.testkit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// I6: when a worker is TERMINATED nothing of it is there any more; when all is quiet, nothing of any worker.
public final class NoLeak implements Promise {
  @Override
  public List<Violation> check(History history) {
    List<Violation> found = new ArrayList<>();
    Map<String, Event> ends = history.terminatedByWorker();
    Instant quiet = history.quietAt();
    for (Sighting sighting : history.sightings()) {
      Event end = ends.get(sighting.worker());
      if (end != null && sighting.at().isAfter(end.at())) {
        found.add(violation(sighting.worker(), end.words() + " says that it was gone at " + end.at() + ", but at " + sighting.at() + " there was "
            + sighting.what()));
      } else if (end == null && quiet != null && !sighting.at().isBefore(quiet)) {
        found.add(violation(sighting.worker(), "all had ended at " + quiet + ", but at " + sighting.at() + " there was " + sighting.what()));
      }
    }
    return found;
  }
}
