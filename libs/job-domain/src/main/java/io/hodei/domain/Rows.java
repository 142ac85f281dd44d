package io.hodei.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The rows of a shard and the indexes over them. Rows change only by [#apply]; indexes follow.
final class Rows {
  private record Idle(Instant since, WorkerId worker) {}

  private record Making(String pool, String providerId) {}

  /// Workers that may take each other's place.
  private record Alike(String pool, String provider, String shape) {
    static Alike of(Worker worker) {
      return new Alike(worker.head().pool(), worker.head().provider(), worker.head().shape());
    }
  }

  private final Map<JobId, Job> jobs = new HashMap<>();
  private final Map<WorkerId, Worker> workers = new HashMap<>();
  private final Map<String, Remembered> ledger = new HashMap<>();
  private final Map<JobId, ParkedCancel> parked = new HashMap<>();
  private final Map<String, Provider> providers = new TreeMap<>();
  private final Map<String, JobQueue> queues = new LinkedHashMap<>();
  private final Map<String, Integer> slots = new HashMap<>();
  private final Map<Making, Integer> creating = new HashMap<>();
  private final Map<String, Integer> leaving = new HashMap<>();
  private final Map<String, TreeSet<Idle>> idle = new HashMap<>();
  private final Map<Alike, TreeSet<Idle>> idleAlike = new HashMap<>();
  private final Set<WorkerId> connected = new TreeSet<>();
  private final Set<WorkerId> terminating = new TreeSet<>();
  final Timers<JobId> jobTimers = new Timers<>();
  final Timers<WorkerId> workerTimers = new Timers<>();
  final Timers<String> ledgerTimers = new Timers<>();
  final Timers<JobId> parkedTimers = new Timers<>();

  @Nullable Job job(JobId id) {
    return jobs.get(id);
  }

  @Nullable Worker worker(WorkerId id) {
    return workers.get(id);
  }

  @Nullable Remembered remembered(String key) {
    return ledger.get(key);
  }

  @Nullable ParkedCancel parked(JobId id) {
    return parked.get(id);
  }

  @Nullable Provider provider(String id) {
    return providers.get(id);
  }

  /// In the order of their ids.
  Collection<Provider> providers() {
    return providers.values();
  }

  Collection<Job> jobs() {
    return jobs.values();
  }

  Collection<Worker> workers() {
    return workers.values();
  }

  Set<WorkerId> connected() {
    return connected;
  }

  Set<WorkerId> terminating() {
    return terminating;
  }

  JobQueue queue(String pool) {
    return queues.computeIfAbsent(pool, name -> new JobQueue());
  }

  int slotsOf(String pool) {
    return slots.getOrDefault(pool, 0);
  }

  /// Workers of `pool` that are being made on this provider instance.
  int creatingOf(String pool, String providerId) {
    return creating.getOrDefault(new Making(pool, providerId), 0);
  }

  /// The idle worker of `pool` of this type and shape that had a job most lately, so that the others may go; null when there is none.
  @Nullable WorkerId idleOf(String pool, String provider, String shape) {
    TreeSet<Idle> found = idleAlike.get(new Alike(pool, provider, shape));
    return found == null || found.isEmpty() ? null : found.last().worker();
  }

  /// The one that has been idle for longest.
  @Nullable WorkerId longestIdleOf(String pool) {
    TreeSet<Idle> found = idle.get(pool);
    return found == null || found.isEmpty() ? null : found.first().worker();
  }

  /// Workers of `pool` whose destruction is under way: they hold their slots until they are gone.
  int leavingOf(String pool) {
    return leaving.getOrDefault(pool, 0);
  }

  /// Takes over every row of an outcome. `now` decides which pending jobs are eligible.
  void apply(Outcome outcome, Instant now) {
    outcome.jobs().forEach((id, job) -> put(job, now));
    outcome.workers().forEach(this::put);
    outcome.ledger().forEach(this::put);
    outcome.parked().forEach(this::put);
    outcome.providers().values().forEach(this::put);
  }

  void put(Job job, Instant now) {
    JobQueue queue = queue(job.head().spec().pool());
    if (job instanceof Job.Ended) {
      jobs.remove(job.id());
    } else {
      jobs.put(job.id(), job);
    }
    if (job instanceof Job.Pending pending) {
      boolean eligible = !pending.eligibleAt().isAfter(now);
      jobTimers.set(job.id(), eligible || pending.deadline().isBefore(pending.eligibleAt()) ? pending.deadline() : pending.eligibleAt());
      if (eligible) {
        queue.put(pending);
      }
    } else {
      jobTimers.set(job.id(), null);
      queue.remove(job.id());
    }
  }

  void put(WorkerId id, @Nullable Worker worker) {
    Worker before = worker == null ? workers.remove(id) : workers.put(id, worker);
    count(before, -1);
    count(worker, 1);
    workerTimers.set(id, worker == null ? null : worker.deadline());
    member(connected, id, worker != null && worker.isConnected());
    member(terminating, id, worker != null && worker.state() == WorkerState.TERMINATING);
  }

  void put(String key, @Nullable Remembered entry) {
    if (entry == null) {
      ledger.remove(key);
    } else {
      ledger.put(key, entry);
    }
    ledgerTimers.set(key, entry == null ? null : entry.expiresAt());
  }

  void put(JobId job, @Nullable ParkedCancel cancel) {
    if (cancel == null) {
      parked.remove(job);
    } else {
      parked.put(job, cancel);
    }
    parkedTimers.set(job, cancel == null ? null : cancel.until());
  }

  void put(Provider provider) {
    providers.put(provider.id(), provider);
  }

  /// All rows as text, sorted.
  List<String> describe() {
    List<String> lines = new ArrayList<>();
    jobs.values().forEach(job -> lines.add(job.toString()));
    workers.values().forEach(worker -> lines.add(worker.toString()));
    ledger.forEach((key, entry) -> lines.add(key + " " + entry));
    parked.values().forEach(cancel -> lines.add(cancel.toString()));
    providers.values().forEach(provider -> lines.add(provider.toString()));
    Collections.sort(lines);
    return lines;
  }

  private void count(@Nullable Worker worker, int by) {
    if (worker == null) {
      return;
    }
    if (worker.isIdle()) {
      Idle place = new Idle(worker.head().since(), worker.id());
      place(idle, worker.head().pool(), place, by);
      place(idleAlike, Alike.of(worker), place, by);
    }
    if (worker.holdsSlot()) {
      slots.merge(worker.head().pool(), by, Integer::sum);
    }
    if (worker.state() == WorkerState.TERMINATING && worker.holdsSlot()) {
      leaving.merge(worker.head().pool(), by, Integer::sum);
    }
    if (worker.state() == WorkerState.CREATING || worker.state() == WorkerState.CONNECTING) {
      creating.merge(new Making(worker.head().pool(), worker.head().providerId()), by, Integer::sum);
    }
  }

  private static <K> void place(Map<K, TreeSet<Idle>> index, K key, Idle place, int by) {
    TreeSet<Idle> places = index.computeIfAbsent(key, none -> new TreeSet<>(Comparator.comparing(Idle::since).thenComparing(Idle::worker)));
    if (by > 0) {
      places.add(place);
    } else if (places.remove(place) && places.isEmpty()) {
      index.remove(key);
    }
  }

  private static void member(Set<WorkerId> set, WorkerId id, boolean in) {
    if (in) {
      set.add(id);
    } else {
      set.remove(id);
    }
  }
}
