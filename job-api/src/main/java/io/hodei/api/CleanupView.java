package io.hodei.api;

import io.hodei.domain.TerminationReason;
import io.hodei.kit.Codec;
import io.hodei.schemas.GcEvent;
import io.hodei.schemas.Topic;
import io.hodei.schemas.WorkerEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// How workers were destroyed: what the Worker Cleanup Health board shows. Counts are of all of `hodei.worker-events` that is
/// kept (30 days before this process started, and since). Workers that were kept on purpose after a failure count as destroyed, and in no ratio or latency. Written by two tails, read by any thread; one lock.
final class CleanupView {
  private static final Duration WINDOW = Duration.ofHours(1);
  private static final int MAX_SAMPLES = 200_000;
  private static final Set<String> BY_INTENT =
      Arrays.stream(TerminationReason.values()).filter(TerminationReason::isByIntent).map(Enum::name).collect(Collectors.toUnmodifiableSet());

  /// A worker seen gone; latency null when its destruction came before the end of its attempt.
  private record Gone(Instant at, @Nullable Long latencyMs) {}

  private final Codec codec;
  private final Map<String, Long> destroyed = new HashMap<>();
  private final Map<String, Long> destroyedAfterAttempt = new HashMap<>();
  private final Set<String> hadAttempt = new HashSet<>();
  private final Deque<Gone> lastHour = new ArrayDeque<>();
  private @Nullable GcEvent lastCycle;

  CleanupView(Codec codec) {
    this.codec = codec;
  }

  synchronized void happened(WorkerEvent event) {
    String worker = event.getWorkerId() == null ? "" : event.getWorkerId();
    switch (event.getType()) {
      case "WorkerBusy", "WorkerJobCompleted" -> hadAttempt.add(worker);
      case "WorkerReady" -> hadAttempt.remove(worker);
      case "WorkerDestroyFailed" -> destroyed.merge("failed", 1L, Long::sum);
      case "WorkerTerminated" -> terminated(worker, event);
      default -> { }
    }
  }

  /// A record of `hodei.gc-events`.
  void handleGcEvent(ConsumerRecord<String, byte[]> record) {
    happened(codec.value(Topic.GC_EVENTS, record.value(), GcEvent.class));
  }

  synchronized void happened(GcEvent event) {
    if (event.getType().equals("GarbageCollectionCompleted")) {
      lastCycle = event;
    }
  }

  private void terminated(String worker, WorkerEvent event) {
    String cause = event.getCause() == null ? "immediate" : event.getCause();
    destroyed.merge(cause, 1L, Long::sum);
    boolean byIntent = BY_INTENT.contains(String.valueOf(event.getReason()));
    if (hadAttempt.remove(worker) && !byIntent) {
      destroyedAfterAttempt.merge(cause, 1L, Long::sum);
    }
    lastHour.addLast(new Gone(event.getOccurredAt(), byIntent ? null : event.getLatencyMs()));
    forget(event.getOccurredAt());
  }

  private void forget(Instant now) {
    while (!lastHour.isEmpty() && (lastHour.size() > MAX_SAMPLES || lastHour.getFirst().at().isBefore(now.minus(WINDOW)))) {
      lastHour.removeFirst();
    }
  }

  /// The contract's clean-up object.
  synchronized Map<String, @Nullable Object> json(Instant now, long pendingDestroy) {
    forget(now);
    Map<String, @Nullable Object> counts = new LinkedHashMap<>();
    for (String cause : new String[] {"immediate", "gc", "self", "manual", "failed"}) {
      counts.put(cause, destroyed.getOrDefault(cause, 0L));
    }
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("destroyed", counts);
    json.put("immediateRatio", immediateRatio());
    json.put("latencyMs", percentiles());
    json.put("orphans", lastCycle == null ? 0 : lastCycle.getOrphansDetected());
    json.put("pendingDestroy", pendingDestroy);
    json.put("destroyedPerMinute", lastHour.stream().filter(gone -> gone.at().isAfter(now.minusSeconds(60))).count());
    json.put("lastGcCycle", cycle());
    return json;
  }

  private @Nullable Double immediateRatio() {
    long immediate = destroyedAfterAttempt.getOrDefault("immediate", 0L);
    long all = immediate + destroyedAfterAttempt.getOrDefault("gc", 0L) + destroyedAfterAttempt.getOrDefault("self", 0L);
    return all == 0 ? null : (double) immediate / all;
  }

  private Map<String, @Nullable Object> percentiles() {
    long[] sorted = lastHour.stream().map(Gone::latencyMs).filter(java.util.Objects::nonNull).mapToLong(Long::longValue).sorted().toArray();
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    for (int percent : new int[] {50, 95, 99}) {
      int rank = (int) Math.ceil(sorted.length * percent / 100.0);
      json.put("p" + percent, sorted.length == 0 ? null : (Object) sorted[rank - 1]);
    }
    return json;
  }

  private @Nullable Map<String, @Nullable Object> cycle() {
    GcEvent cycle = lastCycle;
    if (cycle == null) {
      return null;
    }
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("at", Rfc3339.text(cycle.getOccurredAt()));
    json.put("durationMs", cycle.getDurationMs());
    json.put("inventory", cycle.getInventory());
    json.put("matched", cycle.getMatched());
    json.put("cleaned", cycle.getWorkersCleaned());
    json.put("orphans", cycle.getOrphansDetected());
    json.put("ghosts", cycle.getGhosts());
    json.put("errors", cycle.getErrors());
    json.put("offsets", cycle.getOffsets() == null ? Map.of() : RequestAvro.object(cycle.getOffsets()));
    return json;
  }
}
