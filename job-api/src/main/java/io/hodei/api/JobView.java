package io.hodei.api;

import io.hodei.domain.JobState;
import io.hodei.kit.Codec;
import io.hodei.schemas.Job;
import io.hodei.schemas.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// Every job that is known: accepted requests (PENDING) until `hodei.job-state` has a row for them, then that row.
/// Written by the threads of two tails, read by any.
final class JobView {
  /// How long a terminal job is readable.
  static final Duration KEPT = Duration.ofDays(7);

  private static final Duration UNCONFIRMED = Duration.ofSeconds(60);

  private final Codec codec;
  private final ConcurrentHashMap<String, Job> jobs = new ConcurrentHashMap<>();
  private final ConcurrentSkipListMap<Cursor, String> newestFirst = new ConcurrentSkipListMap<>();
  private final ConcurrentHashMap<String, Long> decidedUpTo = new ConcurrentHashMap<>();
  private final Watchers watchers = new Watchers();
  private final ConcurrentHashMap<String, Set<JobFeed>> feeds = new ConcurrentHashMap<>();

  JobView(Codec codec) {
    this.codec = codec;
  }

  /// A record of `hodei.job-state`; returns its row, null for a tombstone.
  @Nullable Job handle(ConsumerRecord<String, byte[]> record) {
    if (record.value() == null) {
      put(record.key(), (id, old) -> null);
      return null;
    }
    return decided(codec.value(Topic.JOB_STATE, record.value(), Job.class));
  }

  /// A job as the dispatcher has decided it.
  Job decided(Job row) {
    put(row.getId(), (id, old) -> row);
    Source source = Source.of(row.getSource());
    if (source != null) {
      decidedUpTo.merge(source.partition(), source.offset(), Math::max);
    }
    return row;
  }

  /// An accepted request, shown until its row comes.
  void accept(Job pending) {
    put(pending.getId(), (id, old) -> old == null ? pending : old);
  }

  @Nullable Job get(String id) {
    return jobs.get(id);
  }

  Stream<Job> all() {
    return jobs.values().stream();
  }

  /// From the newest on, or what comes after `cursor`, as long as `visit` returns true.
  void visit(@Nullable Cursor cursor, BiPredicate<Cursor, Job> visit) {
    var from = cursor == null ? newestFirst : newestFirst.tailMap(cursor, false);
    for (var entry : from.entrySet()) {
      Job job = jobs.get(entry.getValue());
      if (job != null && !visit.test(entry.getKey(), job)) {
        return;
      }
    }
  }

  Watchers.Watch watch(String id) {
    return watchers.watch(id);
  }

  /// Every row of the job from now on. Begin before you look, so that no row is missed.
  JobFeed feed(String id) {
    JobFeed[] made = new JobFeed[1];
    made[0] = new JobFeed(() -> feeds.computeIfPresent(id, (key, set) -> {
      set.remove(made[0]);
      return set.isEmpty() ? null : set;
    }));
    feeds.compute(id, (key, set) -> {
      Set<JobFeed> all = set == null ? ConcurrentHashMap.newKeySet() : set;
      all.add(made[0]);
      return all;
    });
    return made[0];
  }

  /// Forgets what ended 7 days ago, and requests that the dispatcher has passed by without accepting them.
  void sweep(Instant now) {
    for (Iterator<Job> all = jobs.values().iterator(); all.hasNext();) {
      Job job = all.next();
      Instant finished = job.getFinishedAt();
      if (finished != null && finished.plus(KEPT).isBefore(now) || passedBy(job, now)) {
        put(job.getId(), (id, current) -> current == job ? null : current);
      }
    }
  }

  static boolean isTerminal(Job job) {
    return JobState.valueOf(job.getState()).isTerminal();
  }

  private boolean passedBy(Job job, Instant now) {
    Source source = job.getSequence() == 0 ? Source.of(job.getSource()) : null;
    return source != null && source.offset() < decidedUpTo.getOrDefault(source.partition(), -1L)
        && job.getSubmittedAt() != null && job.getSubmittedAt().plus(UNCONFIRMED).isBefore(now);
  }

  private void put(String key, java.util.function.BiFunction<String, @Nullable Job, @Nullable Job> change) {
    jobs.compute(key, (id, old) -> {
      Job now = change.apply(id, old);
      Cursor before = old == null ? null : Cursor.of(old);
      Cursor after = now == null ? null : Cursor.of(now);
      if (after != null && !after.equals(before)) {
        newestFirst.put(after, id);
      }
      if (before != null && !before.equals(after)) {
        newestFirst.remove(before);
      }
      if (now != null) {
        feeds.getOrDefault(id, Set.of()).forEach(feed -> feed.add(now));
      }
      return now;
    });
    watchers.changed(key);
  }
}
