package io.hodei.domain;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The eligible jobs of one pool: higher priority first, then the longer wait. An index, rebuilt from the rows.
final class JobQueue {
  private record Place(int priority, Instant queuedAt, JobId job) {}

  private final TreeSet<Place> places = new TreeSet<>(
      Comparator.comparingInt((Place place) -> -place.priority()).thenComparing(Place::queuedAt).thenComparing(Place::job));
  private final Map<JobId, Place> byJob = new HashMap<>();

  void put(Job.Pending job) {
    remove(job.id());
    Place place = new Place(job.head().spec().priority(), job.queuedAt(), job.id());
    places.add(place);
    byJob.put(job.id(), place);
  }

  void remove(JobId job) {
    Place place = byJob.remove(job);
    if (place != null) {
      places.remove(place);
    }
  }

  @Nullable JobId first() {
    return places.isEmpty() ? null : places.first().job();
  }

  int size() {
    return places.size();
  }
}
