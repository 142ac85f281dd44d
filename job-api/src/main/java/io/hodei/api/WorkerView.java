package io.hodei.api;

import io.hodei.kit.Codec;
import io.hodei.schemas.Topic;
import io.hodei.schemas.Worker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// Every worker whose row is on `hodei.worker-state`, until it has been gone for as long as ended workers are kept. Written by one
/// tail, read by any thread.
final class WorkerView implements AutoCloseable {
  private static final Duration KEPT = Duration.ofHours(24);

  private final Codec codec;
  private final Duration kept;
  private final Rows<Worker> rows;
  private final Map<String, Map<String, Long>> counts = new HashMap<>();
  private volatile Instant swept = Instant.EPOCH;

  /// Ended workers are kept for a day, on the disk of the system's temporary files.
  WorkerView(Codec codec) {
    this(codec, new RowFile(Path.of(System.getProperty("java.io.tmpdir")), RowFile.SEGMENT_BYTES), KEPT);
  }

  WorkerView(Codec codec, RowFile file, Duration kept) {
    this.codec = codec;
    this.kept = kept;
    this.rows = new Rows<>(new WorkerKind(), Worker.class, file, Rows.MAX_READS);
  }

  /// A record of `hodei.worker-state`.
  void handle(ConsumerRecord<String, byte[]> record) {
    if (record.value() == null) {
      count(rows.remove(record.key()), -1);
    } else {
      decided(codec.value(Topic.WORKER_STATE, record.value(), Worker.class));
    }
  }

  /// A worker as the dispatcher has decided it.
  void decided(Worker worker) {
    Instant ended = worker.getTerminatedAt();
    if (ended != null && !ended.plus(kept).isAfter(swept)) {
      count(rows.remove(worker.getId()), -1);
    } else {
      count(rows.put(worker), -1);
      count(worker, 1);
    }
  }

  @Nullable Worker get(String id) {
    return rows.get(id);
  }

  /// At most `limit` workers that `filter` wants now, from the newest on, or from what comes after `cursor`.
  Rows.Page<Worker> page(@Nullable Cursor cursor, WorkerFilter filter, Instant now, int limit) {
    return rows.page(cursor, limit, filter.mask(), worker -> filter.matches(worker, now));
  }

  /// Forgets what ended too long ago.
  void sweep(Instant now) {
    swept = now;
    rows.removeEndedBy(now.minus(kept)).forEach(worker -> count(worker, -1));
  }

  /// Workers whose destruction has been asked for and that have not been seen gone.
  long pendingDestroy() {
    return terminating().count();
  }

  /// How many of this pool hold a slot until they are seen gone, though their attempt is over. Those that were kept after it hold none.
  long leaving(String pool) {
    return terminating().filter(worker -> pool.equals(worker.getPool()))
        .filter(worker -> worker.getAttemptEndedAt() == null || "JOB_COMPLETED".equals(worker.getTerminationReason())).count();
  }

  private Stream<Worker> terminating() {
    return rows.open().stream().filter(worker -> worker.getState().equals("TERMINATING"));
  }

  /// How many there are by each value of `by`: `state`, `pool` or `provider`.
  Map<String, Long> counted(String by) {
    synchronized (counts) {
      return new TreeMap<>(counts.getOrDefault(by, Map.of()));
    }
  }

  private void count(@Nullable Worker worker, long more) {
    if (worker != null) {
      synchronized (counts) {
        count("state", worker.getState(), more);
        count("pool", worker.getPool(), more);
        count("provider", worker.getProvider(), more);
      }
    }
  }

  private void count(String by, String value, long more) {
    counts.computeIfAbsent(by, name -> new HashMap<>()).compute(value, (name, before) -> {
      long now = (before == null ? 0 : before) + more;
      return now == 0 ? null : (Long) now;
    });
  }

  /// What keeps ended rows from the disk; null when nothing does.
  @Nullable String trouble() {
    return rows.trouble();
  }

  @Override
  public void close() {
    rows.close();
  }

  /// The contract's worker object, and some more.
  static Map<String, @Nullable Object> json(Worker worker) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", worker.getId());
    json.put("pool", worker.getPool());
    json.put("provider", worker.getProvider());
    json.put("providerId", worker.getProviderId());
    json.put("providerRef", worker.getProviderRef());
    json.put("mode", worker.getMode());
    json.put("state", worker.getState());
    json.put("jobId", worker.getJobId());
    json.put("attempt", worker.getAttempt());
    json.put("jobsRun", worker.getJobsRun());
    json.put("lastHeartbeatAt", Rfc3339.text(worker.getLastHeartbeatAt()));
    json.put("idleSince", Rfc3339.text(worker.getIdleSince()));
    json.put("createdAt", Rfc3339.text(worker.getCreatedAt()));
    json.put("readyAt", Rfc3339.text(worker.getReadyAt()));
    json.put("stateSince", Rfc3339.text(worker.getStateSince()));
    json.put("deadline", Rfc3339.text(worker.getDeadline()));
    json.put("terminatedAt", Rfc3339.text(worker.getTerminatedAt()));
    json.put("cleanedAt", Rfc3339.text(worker.getCleanedAt()));
    json.put("terminationReason", worker.getTerminationReason());
    json.put("destroyedBy", worker.getDestroyedBy());
    json.put("finishedToDestroyedMs", worker.getFinishedToDestroyedMs());
    json.put("message", worker.getMessage());
    return json;
  }
}
