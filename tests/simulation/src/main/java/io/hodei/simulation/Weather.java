package io.hodei.simulation;

import io.hodei.domain.JobEvent;
import io.hodei.domain.Recorded;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// What can excuse somebody who is late: troubles of everybody's, with the time that it takes until their traces are gone, and the workers that
/// something befell.
final class Weather {
  /// After the end of a trouble: what was under way has arrived, what was put off has been done.
  private static final long SETTLING_MS = 75_000;
  private static final long SILENCES_MS = 45_000;

  private final World world;
  private final Set<String> touched = new HashSet<>();
  private final Map<String, Long> asked = new HashMap<>();
  private final Set<String> befallen = new HashSet<>();
  private final Deque<Long> silences = new ArrayDeque<>();
  private long fairFrom;

  Weather(World world) {
    this.world = world;
  }

  /// From now on for `millis` something is wrong that can touch anybody.
  void trouble(long millis) {
    fairFrom = Math.max(fairFrom, world.clockwork.now() + millis + SETTLING_MS);
  }

  /// Nothing has been wrong since `since`, nor shortly before.
  boolean isFair(long since) {
    return fairFrom <= since && !world.climate.isRough();
  }

  /// Something befell this worker.
  void touch(String worker) {
    touched.add(worker);
  }

  boolean isTouched(String worker) {
    return touched.contains(worker);
  }

  /// A job that nothing has befallen, from its request to its end, ends as its command does.
  void recorded(Recorded.OfJob event) {
    String job = event.after().id().value();
    switch (event.event()) {
      case JobEvent.JobSubmitted submitted -> asked.put(job, world.clockwork.now());
      case JobEvent.JobAttemptEnded ended when isTouched(ended.assignment().worker().value()) -> befallen.add(job);
      case JobEvent.JobCompleted completed -> {
        JobPlan plan = world.client.planOf(job);
        Long since = asked.get(job);
        if (plan != null && since != null && isFair(since) && !befallen.contains(job)) {
          plan.spared();
        }
      }
      default -> {
      }
    }
  }

  /// An agent falls silent.
  void silence() {
    silences.add(world.clockwork.now());
  }

  /// Three or more have fallen silent lately: then it may be we who do not hear.
  boolean isSilenceOfMany() {
    while (!silences.isEmpty() && silences.peek() < world.clockwork.now() - SILENCES_MS) {
      silences.remove();
    }
    return silences.size() > 2;
  }
}
