package io.hodei.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Records in the order they were read, each with its row, or with the reason why it has none.
record Batch(List<Entry> entries) {
  /// @param row null: the record goes to the dead letters
  record Entry(ConsumerRecord<String, byte[]> record, @Nullable EventRow row, @Nullable String reason) {}

  List<EventRow> rows() {
    List<EventRow> rows = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      if (entry.row() != null) {
        rows.add(entry.row());
      }
    }
    return rows;
  }

  List<Entry> refused() {
    return entries.stream().filter(entry -> entry.row() == null).toList();
  }

  /// The positions after these records.
  Map<TopicPartition, Long> ends() {
    Map<TopicPartition, Long> ends = new HashMap<>();
    for (Entry entry : entries) {
      ends.merge(new TopicPartition(entry.record().topic(), entry.record().partition()), entry.record().offset() + 1, Math::max);
    }
    return ends;
  }

  /// Each record a batch of its own.
  List<Batch> single() {
    return entries.stream().map(entry -> new Batch(List.of(entry))).toList();
  }

  /// The only record, refused.
  Batch refusing(String why) {
    return new Batch(List.of(new Entry(entries.getFirst().record(), null, why)));
  }
}
