package io.hodei.gc;

import io.hodei.kit.Codec;
import io.hodei.schemas.InventorySnapshot;
import io.hodei.schemas.Topic;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// Folds worker-inventory: what each provider instance has shown of itself. Written by the tail's thread, read by the
/// cycle's, which may wait here for fresh looks. A page that cannot be read is set aside; its snapshot never gets complete.
final class InventoryView {
  /// A look older than this is not judged.
  static final Duration STALE = Duration.ofSeconds(60);
  /// An instance that was empty when seen last and silent for this long is expected no longer.
  static final Duration FORGET = Duration.ofMinutes(10);
  private static final Duration FUTURE = Duration.ofMinutes(5);
  private static final int MAX_PAGES = 100_000;

  /// @param looks what may be judged, by instance
  /// @param errors the instances that are missing, with the reason
  /// @param offsets the next offset after the pages that are folded in, by topic-partition
  record Answer(Map<String, Looks> looks, List<Finding.Unjudged> errors, Map<String, Long> offsets) {}

  private final Codec codec;
  private final Rejects rejects;
  private final InstantSource clock;
  private final Map<String, InstanceInventory> instances = new HashMap<>();
  private final Map<String, Long> offsets = new HashMap<>();

  InventoryView(Codec codec, Rejects rejects, InstantSource clock) {
    this.codec = codec;
    this.rejects = rejects;
    this.clock = clock;
  }

  void accept(ConsumerRecord<String, byte[]> record) {
    try {
      if (record.value() == null) {
        throw new IllegalArgumentException("Expected a page of a snapshot, but found a tombstone.");
      }
      fold(codec.value(Topic.WORKER_INVENTORY, record.value(), InventorySnapshot.class), record.topic() + "-" + record.partition(), record.offset() + 1);
    } catch (RuntimeException e) {
      rejects.reject(record, String.valueOf(e.getMessage()));
    }
  }

  /// A page of a snapshot.
  ///
  /// @param place topic-partition
  /// @param next the offset after it
  /// @throws IllegalArgumentException when it cannot be
  void fold(InventorySnapshot unchecked, String place, long next) {
    InventorySnapshot page = checked(unchecked);
    synchronized (this) {
      offsets.put(place, next);
      instances.computeIfAbsent(page.getProviderId(), id -> new InstanceInventory()).accept(page);
      notifyAll();
    }
  }

  /// The instances that should answer: those seen before and not forgotten.
  synchronized Set<String> instances() {
    Instant horizon = clock.instant().minus(FORGET);
    Set<String> expected = new HashSet<>();
    instances.forEach((id, instance) -> {
      Looks looks = instance.looks();
      if (looks == null ? instance.failureSince(horizon) != null
          : looks.newest().endedAt().isAfter(horizon) || !looks.newest().items().isEmpty()) {
        expected.add(id);
      }
    });
    return expected;
  }

  /// Waits until [#allAnswered], `patience` at most.
  synchronized void awaitAnswers(Set<String> expected, Instant since, Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (!allAnswered(expected, since)) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return;
      }
      wait(left);
    }
  }

  /// What there is to be judged. An instance of `expected` without a complete listing begun at `since` or later is an error,
  /// and judged by an older one only while that is not stale.
  synchronized Answer answer(Set<String> expected, Instant since) {
    Instant oldest = clock.instant().minus(STALE);
    Map<String, Looks> looks = new HashMap<>();
    instances.forEach((id, instance) -> {
      Looks seen = instance.looks();
      if (seen != null && !seen.newest().endedAt().isBefore(oldest)) {
        looks.put(id, seen);
      }
    });
    List<Finding.Unjudged> errors = expected.stream().sorted()
        .filter(id -> !isFresh(instances.get(id), since))
        .map(id -> new Finding.Unjudged("", id, whyMissing(instances.get(id), since, looks.containsKey(id))))
        .toList();
    return new Answer(looks, errors, Map.copyOf(offsets));
  }

  /// Whether each of `expected` (when empty: anyone) has ended a listing begun at `since` or later.
  synchronized boolean allAnswered(Set<String> expected, Instant since) {
    if (expected.isEmpty()) {
      return instances.values().stream().anyMatch(instance -> instance.hasAnswered(since));
    }
    return expected.stream().allMatch(id -> {
      InstanceInventory instance = instances.get(id);
      return instance != null && instance.hasAnswered(since);
    });
  }

  private static boolean isFresh(@Nullable InstanceInventory instance, Instant since) {
    return instance != null && instance.looks() != null && !instance.looks().newest().startedAt().isBefore(since);
  }

  private static String whyMissing(@Nullable InstanceInventory instance, Instant since, boolean judged) {
    String failure = instance == null ? null : instance.failureSince(since);
    String why = failure != null ? failure : "no complete inventory came in time";
    return judged ? why + "; judged by the one before" : why + "; not judged";
  }

  private InventorySnapshot checked(InventorySnapshot page) {
    if (page.getProviderId().isEmpty() || page.getSnapshotId().isEmpty()) {
      throw new IllegalArgumentException("Expected a snapshot with an id and a provider instance, but one is empty.");
    }
    if (page.getPages() < 1 || page.getPages() > MAX_PAGES || page.getPage() < 0 || page.getPage() >= page.getPages()) {
      throw new IllegalArgumentException("Expected a page from 0 to pages - 1 (" + MAX_PAGES + " at most), but found page "
          + page.getPage() + " of " + page.getPages() + ".");
    }
    if (page.getStartedAt().isAfter(page.getEndedAt()) || page.getEndedAt().isAfter(clock.instant().plus(FUTURE))) {
      throw new IllegalArgumentException("Expected a listing that began, ended and is over, but it ran from "
          + page.getStartedAt() + " to " + page.getEndedAt() + ".");
    }
    return page;
  }
}
