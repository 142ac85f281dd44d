package io.hodei.domain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// All that follows from one input: events in order, effects in order, and every row as it is now. An ended job's row is published
/// and then dropped; null rows of the maps are dropped.
public final class Outcome {
  private final List<Recorded> events = new ArrayList<>();
  private final List<Effect> effects = new ArrayList<>();
  private final Map<JobId, Job> jobs = new LinkedHashMap<>();
  private final Map<WorkerId, @Nullable Worker> workers = new LinkedHashMap<>();
  private final Map<String, @Nullable Remembered> ledger = new LinkedHashMap<>();
  private final Map<JobId, @Nullable ParkedCancel> parked = new LinkedHashMap<>();
  private final Map<String, Provider> providers = new LinkedHashMap<>();
  private final Set<Refusal> refusals = new LinkedHashSet<>();

  /// An empty one, to be filled by a shard.
  public Outcome() {}

  public List<Recorded> events() {
    return events;
  }

  public List<Effect> effects() {
    return effects;
  }

  public Map<JobId, Job> jobs() {
    return jobs;
  }

  public Map<WorkerId, @Nullable Worker> workers() {
    return workers;
  }

  public Map<String, @Nullable Remembered> ledger() {
    return ledger;
  }

  public Map<JobId, @Nullable ParkedCancel> parked() {
    return parked;
  }

  public Map<String, Provider> providers() {
    return providers;
  }

  /// Why commands were refused, for metrics and logs.
  public Set<Refusal> refusals() {
    return refusals;
  }

  void add(Outcome later) {
    events.addAll(later.events);
    effects.addAll(later.effects);
    jobs.putAll(later.jobs);
    workers.putAll(later.workers);
    ledger.putAll(later.ledger);
    parked.putAll(later.parked);
    providers.putAll(later.providers);
    refusals.addAll(later.refusals);
  }
}
