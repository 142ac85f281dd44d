package io.hodei.domain;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a dispatcher would have stored of all outcomes: the rows from which a shard comes back after a crash.
final class StoredRows {
  final Map<JobId, Job> jobs = new LinkedHashMap<>();
  final Map<WorkerId, Worker> workers = new LinkedHashMap<>();
  final Map<String, Remembered> ledger = new LinkedHashMap<>();
  final Map<JobId, ParkedCancel> parked = new LinkedHashMap<>();
  final Map<String, Provider> providers = new LinkedHashMap<>();

  void store(Outcome outcome) {
    outcome.jobs().forEach((id, job) -> put(jobs, id, job instanceof Job.Ended ? null : job));
    outcome.workers().forEach((id, worker) -> put(workers, id, worker));
    outcome.ledger().forEach((key, entry) -> put(ledger, key, entry));
    outcome.parked().forEach((id, cancel) -> put(parked, id, cancel));
    providers.putAll(outcome.providers());
  }

  void giveTo(Shard fresh, Instant at) {
    jobs.values().forEach(job -> fresh.restore(job, at));
    workers.values().forEach(fresh::restore);
    ledger.forEach(fresh::restore);
    parked.values().forEach(fresh::restore);
    providers.values().forEach(fresh::restore);
  }

  private static <K, V> void put(Map<K, V> map, K key, @org.jspecify.annotations.Nullable V value) {
    if (value == null) {
      map.remove(key);
    } else {
      map.put(key, value);
    }
  }
}
