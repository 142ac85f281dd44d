package io.hodei.simulation;

import io.hodei.domain.Job;
import io.hodei.domain.JobEvent;
import io.hodei.domain.Recorded;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/// Who waits, and who is taken: the higher priority first, then the longer wait, nobody before its backoff is over, and nobody waits while there
/// is room. Priorities and backoffs are those that were asked for, whatever became of them.
final class QueueWatch {
  private static final long TURN_MS = 1_000;

  private record Place(int priority, Instant queuedAt, String job) {
    /// Has to be taken before a job of this priority that waits since then.
    boolean precedes(int other, Instant since) {
      return priority > other || (priority == other && queuedAt.isBefore(since));
    }
  }

  private final World world;
  /// Those that could be taken from the moment on in which they were queued.
  private final TreeSet<Place> waiting = new TreeSet<>(
      Comparator.comparingInt((Place place) -> -place.priority()).thenComparing(Place::queuedAt).thenComparing(Place::job));
  private final Map<String, Place> places = new HashMap<>();
  private final Map<String, Instant> notBefore = new HashMap<>();
  private long roomSince = Long.MAX_VALUE;

  QueueWatch(World world) {
    this.world = world;
  }

  void recorded(Recorded.OfJob event) {
    String job = event.after().id().value();
    JobPlan plan = world.client.planOf(job);
    if (plan == null) {
      return;
    }
    switch (event.event()) {
      case JobEvent.JobQueued queued -> {
        if (!queued.eligibleAt().isAfter(event.at())) {
          Place place = new Place(plan.priority(), event.at(), job);
          places.put(job, place);
          waiting.add(place);
        }
      }
      case JobEvent.JobAttemptEnded ended -> notBefore.put(job, event.at().plus(plan.backoffAfter(ended.assignment().attempt())));
      case JobEvent.JobRetryScheduled retry -> {
        Instant promised = notBefore.get(job);
        if (promised != null && retry.dueAt().isAfter(promised)) {
          broken(job, "its next attempt is due at " + retry.dueAt() + ", but its backoff is over at " + promised);
        }
      }
      case JobEvent.JobScheduled scheduled -> taken(job, plan, event);
      case JobEvent.JobAssigned assigned when event.before() instanceof Job.Pending -> taken(job, plan, event);
      case JobEvent.JobCompleted completed -> left(job);
      default -> {
      }
    }
  }

  private void taken(String job, JobPlan plan, Recorded.OfJob event) {
    left(job);
    Instant promised = notBefore.get(job);
    if (promised != null && event.at().isBefore(promised)) {
      broken(job, "it is tried again at " + event.at() + ", but its backoff is over at " + promised);
    }
    Place first = waiting.isEmpty() ? null : waiting.first();
    if (first != null && event.before() instanceof Job.Pending pending && first.precedes(plan.priority(), pending.queuedAt())) {
      world.witness.broken("PriorityInOrder", job, "it is taken with priority " + plan.priority() + ", but " + first.job() + " waits with priority " + first.priority()
          + " since " + first.queuedAt());
    }
  }

  private void broken(String job, String sentence) {
    world.witness.broken("BackoffKept", job, sentence);
  }

  private void left(String job) {
    Place place = places.remove(job);
    if (place != null) {
      waiting.remove(place);
    }
  }

  /// After a commit.
  void compare(int slots, int creating) {
    long now = world.clockwork.now();
    boolean room = !waiting.isEmpty() && slots < world.climate.defaultPool().maxWorkers() && creating < world.climate.defaultPool().maxCreating()
        && !world.climate.has(Trouble.POOL_CHANGES) && world.weather.isFair(now);
    roomSince = room ? Math.min(roomSince, now) : Long.MAX_VALUE;
    if (room && now - roomSince > TURN_MS && world.weather.isFair(roomSince)) {
      world.witness.broken("RoomIsUsed", waiting.first().job(), "it waits, but its pool has " + slots + " workers of "
          + world.climate.defaultPool().maxWorkers() + " for " + (now - roomSince) + " ms");
    }
  }
}
