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
    if (record.value() == null) {
      put(record, null, false);
      return;
    }
    try {
      WorkerRow row = WorkerRow.of(codec.value(Topic.WORKER_STATE, record.value(), Worker.class));
      if (!row.id().equals(key)) {
        throw new IllegalArgumentException("Expected the row of worker " + key + ", but found that of " + row.id() + ".");
      }
      put(record, row, false);
    } catch (RuntimeException e) {
      put(record, null, true);
      rejects.reject(record, String.valueOf(e.getMessage()));
    }
  }

  synchronized Table copy() {
    return new Table(rows, unreadable, offsets);
  }

  private synchronized void put(ConsumerRecord<String, byte[]> record, @Nullable WorkerRow row, boolean cannotRead) {
    String id = record.key();
    offsets.put(record.topic() + "-" + record.partition(), record.offset() + 1);
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
