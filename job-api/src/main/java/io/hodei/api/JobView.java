package io.hodei.api;

import io.hodei.domain.JobState;
import io.hodei.kit.Codec;
import io.hodei.schemas.Job;
import io.hodei.schemas.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// Every job that is known: accepted requests (PENDING) until `hodei.job-state` has a row for them, then that row, until the job has
/// been over for as long as terminal jobs are kept. Written by the threads of two tails, read by any.
final class JobView implements AutoCloseable {
  private static final Duration KEPT = Duration.ofDays(7);
  private static final Duration UNCONFIRMED = Duration.ofSeconds(60);

  private final Codec codec;
  private final Duration kept;
  private final Rows<Job> rows;
  private final ConcurrentHashMap<String, Long> decidedUpTo = new ConcurrentHashMap<>();
  private final Watchers watchers = new Watchers();
  private volatile Instant swept = Instant.EPOCH;
  private final ConcurrentHashMap<String, Set<JobFeed>> feeds = new ConcurrentHashMap<>();

  /// Terminal jobs are kept for seven days, on the disk of the system's temporary files.
  JobView(Codec codec) {
    this(codec, new RowFile(Path.of(System.getProperty("java.io.tmpdir")), RowFile.SEGMENT_BYTES), KEPT);
  }

  JobView(Codec codec, RowFile file, Duration kept) {
    this.codec = codec;
    this.kept = kept;
    this.rows = new Rows<>(new JobKind(), Job.class, file, Rows.MAX_READS);
  }

  /// A record of `hodei.job-state`; returns its row, null for a tombstone.
  @Nullable Job handle(ConsumerRecord<String, byte[]> record) {
    if (record.value() == null) {
      rows.remove(record.key());
      watchers.changed(record.key());
      return null;
    }
    return decided(codec.value(Topic.JOB_STATE, record.value(), Job.class));
  }

  /// A job as the dispatcher has decided it.
  Job decided(Job row) {
    Instant finished = row.getFinishedAt();
    if (isTerminal(row) && finished != null && !finished.plus(kept).isAfter(swept)) {
      rows.remove(row.getId());
    } else {
      rows.put(row);
      told(row);
    }
    watchers.changed(row.getId());
    Source source = Source.of(row.getSource());
    if (source != null) {
      decidedUpTo.merge(source.partition(), source.offset(), Math::max);
    }
    return row;
  }

  /// An accepted request, shown until its row comes.
  void accept(Job pending) {
    if (!passedBy(pending, swept) && rows.putIfAbsent(pending)) {
      told(pending);
      watchers.changed(pending.getId());
    }
  }

  private void told(Job row) {
    feeds.getOrDefault(row.getId(), Set.of()).forEach(feed -> feed.add(row));
  }

  @Nullable Job get(String id) {
    return rows.get(id);
  }

  /// @throws io.hodei.kit.Problem.Raised 404 when there is no such job
  Job known(String id) {
    Job job = get(id);
    if (job == null) {
      throw Problems.noJob(id);
    }
    return job;
  }

  /// Whether there is such a job; its body is not read.
  boolean has(String id) {
    return rows.has(id);
  }

  int size() {
    return rows.size();
  }

  /// What the jobs that have not ended hold in memory, about.
  long openBytes() {
    return rows.openBytes();
  }

  /// The jobs that have not ended.
  Stream<Job> open() {
    return rows.open().stream();
  }

  /// At most `limit` jobs that `filter` wants, from the newest on, or from what comes after `cursor`.
  Rows.Page<Job> page(@Nullable Cursor cursor, JobFilter filter, int limit) {
    return rows.page(cursor, limit, filter.mask(), filter::matches);
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

  /// Forgets what ended too long ago, and requests that the dispatcher has passed by without accepting them.
  void sweep(Instant now) {
    swept = now;
    for (Job job : rows.removeEndedBy(now.minus(kept))) {
      watchers.changed(job.getId());
    }
    for (Job job : List.copyOf(rows.open())) {
      if (passedBy(job, now) && rows.removeIfSame(job)) {
        watchers.changed(job.getId());
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

  /// What keeps ended rows from the disk; null when nothing does.
  @Nullable String trouble() {
    return rows.trouble();
  }

  @Override
  public void close() {
    rows.close();
  }
}
