package io.hodei.gc;

import io.hodei.kit.Codec;
import io.hodei.schemas.Topic;
import io.hodei.schemas.Worker;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// Folds the whole of worker-state: the newest row of each worker, a tombstone deletes. Written by the tail's thread, copied
/// by the cycle's. A row that cannot be read is never taken for a missing one: its worker is set apart until it can be.
final class WorkerTable {
  private final Codec codec;
  private final Rejects rejects;
  private final Map<String, WorkerRow> rows = new HashMap<>();
  private final Set<String> unreadable = new HashSet<>();
  private final Map<String, Long> offsets = new HashMap<>();

  WorkerTable(Codec codec, Rejects rejects) {
    this.codec = codec;
    this.rejects = rejects;
  }

  void accept(ConsumerRecord<String, byte[]> record) {
    String key = record.key();
    if (key == null || key.isEmpty()) {
      rejects.reject(record, "Expected a worker id as the key of a row, but there is none.");
      return;
    }
    String place = record.topic() + "-" + record.partition();
    try {
      fold(key, record.value() == null ? null : codec.value(Topic.WORKER_STATE, record.value(), Worker.class), place, record.offset() + 1);
    } catch (RuntimeException e) {
      put(key, null, true, place, record.offset() + 1);
      rejects.reject(record, String.valueOf(e.getMessage()));
    }
  }

  /// The row of worker `key`, null when it is forgotten.
  ///
  /// @param place topic-partition
  /// @param next the offset after it
  /// @throws IllegalArgumentException when it is another worker's
  void fold(String key, @Nullable Worker worker, String place, long next) {
    WorkerRow row = worker == null ? null : WorkerRow.of(worker);
    if (row != null && !row.id().equals(key)) {
      throw new IllegalArgumentException("Expected the row of worker " + key + ", but found that of " + row.id() + ".");
    }
    put(key, row, false, place, next);
  }

  synchronized Table copy() {
    return new Table(rows, unreadable, offsets);
  }

  private synchronized void put(String id, @Nullable WorkerRow row, boolean cannotRead, String place, long next) {
    offsets.put(place, next);
    if (row == null) {
      rows.remove(id);
    } else {
      rows.put(id, row);
    }
    if (cannotRead) {
      unreadable.add(id);
    } else {
      unreadable.remove(id);
    }
  }
}
