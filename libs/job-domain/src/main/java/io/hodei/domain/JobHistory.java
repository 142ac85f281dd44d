package io.hodei.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is remembered of a job for those who look at it; no decision depends on it, but for `sequence`, which numbers its events.
public record JobHistory(@Nullable Instant queuedAt, @Nullable Instant assignedAt, @Nullable Instant startedAt, @Nullable WorkerId worker,
    @Nullable AttemptResult lastResult, List<LogRef> logs, List<Transition> transitions, long sequence) {
  /// How many transitions are kept.
  static final int KEPT = 50;

  static final JobHistory NONE = new JobHistory(null, null, null, null, null, List.of(), List.of(), 0);

  public JobHistory {
    logs = List.copyOf(logs);
    transitions = List.copyOf(transitions);
  }

  JobHistory with(Transition transition) {
    List<Transition> longer = new ArrayList<>(transitions);
    longer.add(transition);
    return new JobHistory(queuedAt, assignedAt, startedAt, worker, lastResult, logs,
        longer.size() > KEPT ? longer.subList(longer.size() - KEPT, longer.size()) : longer, sequence + 1);
  }

  JobHistory queued(Instant at) {
    return new JobHistory(at, assignedAt, startedAt, worker, lastResult, logs, transitions, sequence);
  }

  JobHistory scheduled(WorkerId on) {
    return new JobHistory(queuedAt, null, null, on, lastResult, logs, transitions, sequence);
  }

  JobHistory assigned(Instant at) {
    return new JobHistory(queuedAt, at, null, worker, lastResult, logs, transitions, sequence);
  }

  JobHistory started(Instant at) {
    return new JobHistory(queuedAt, assignedAt, at, worker, lastResult, logs, transitions, sequence);
  }

  JobHistory ended(AttemptResult result, LogRef log) {
    List<LogRef> longer = new ArrayList<>(logs);
    longer.add(log);
    return new JobHistory(queuedAt, assignedAt, startedAt, worker, result, longer, transitions, sequence);
  }
}
