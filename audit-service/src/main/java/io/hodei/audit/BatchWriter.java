package io.hodei.audit;

import io.hodei.kit.DeadLetters;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes batches to the store, and what cannot be a row to the dead letters, before the position passes it. What the
/// database itself refuses (SQLSTATE 22, 23, 54) is found by writing one by one. Used by the follower's thread.
final class BatchWriter {
  private static final Logger LOG = LoggerFactory.getLogger(BatchWriter.class);
  private static final long LETTER_SECONDS = 30;

  private final AuditStore store;
  private final Set<String> topics;
  private final DeadLetters deadLetters;
  private final Producer<String, byte[]> letters;
  private final Counts counts;
  private Map<TopicPartition, @Nullable Long> positions = new HashMap<>();

  BatchWriter(AuditStore store, Collection<String> topics, DeadLetters deadLetters, Producer<String, byte[]> letters, Counts counts) {
    this.store = store;
    this.topics = Set.copyOf(topics);
    this.deadLetters = deadLetters;
    this.letters = letters;
    this.counts = counts;
  }

  /// Reads the positions anew and answers them.
  Map<TopicPartition, @Nullable Long> load() throws SQLException {
    positions = new HashMap<>(stored());
    return Map.copyOf(positions);
  }

  /// True when nobody has moved a position since it was read or written here.
  boolean isInPlace() throws SQLException {
    return stored().equals(positions);
  }

  private Map<TopicPartition, Long> stored() throws SQLException {
    Map<TopicPartition, Long> stored = store.positions();
    stored.keySet().removeIf(partition -> !topics.contains(partition.topic()));
    return stored;
  }

  /// Writes `batch`, whole or up to where it fails; writing it again is harmless.
  ///
  /// @throws KafkaException when a dead letter was not acknowledged
  void write(Batch batch) throws SQLException, AuditStore.Moved {
    sendLetters(batch.refused());
    try {
      commit(batch);
    } catch (SQLException e) {
      if (!isRefusal(e)) {
        throw e;
      }
      LOG.warn("audit_batch_refused records={} sql_state={}", batch.entries().size(), e.getSQLState());
      for (Batch single : batch.single()) {
        writeSingle(single);
      }
    }
  }

  private void writeSingle(Batch single) throws SQLException, AuditStore.Moved {
    Map<TopicPartition, Long> ends = single.ends();
    for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
      Long position = positions.get(end.getKey());
      if (position != null && position == (long) end.getValue()) {
        return;
      }
    }
    try {
      commit(single);
    } catch (SQLException e) {
      if (!isRefusal(e)) {
        throw e;
      }
      Batch refused = single.refusing("Expected an event that Postgres stores, but: " + e.getMessage());
      sendLetters(refused.refused());
      commit(refused);
    }
  }

  private void commit(Batch batch) throws SQLException, AuditStore.Moved {
    Map<TopicPartition, Long> ends = batch.ends();
    List<Place> repeated = store.write(batch.rows(), positions, ends);
    positions.putAll(ends);
    counts.written(batch.rows().size());
    for (Place place : repeated) {
      counts.repeated();
      LOG.warn("audit_event_repeated place={} note=\"its event id is at another place; the first is kept\"", place);
    }
  }

  private void sendLetters(List<Batch.Entry> refused) {
    List<Future<?>> sent = refused.stream().<Future<?>>map(entry -> letters.send(letter(entry))).toList();
    try {
      for (Future<?> each : sent) {
        each.get(LETTER_SECONDS, TimeUnit.SECONDS);
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new KafkaException("Expected dead letters to be acknowledged, but: " + (e.getCause() == null ? e : e.getCause()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("Interrupted while dead letters were sent", e);
    }
  }

  private ProducerRecord<String, byte[]> letter(Batch.Entry entry) {
    var record = entry.record();
    return deadLetters.letter(record.topic(), record.partition(), record.offset(), record.key(), record.value(), String.valueOf(entry.reason()));
  }

  /// The data is what the database does not take: trying again is of no use.
  private static boolean isRefusal(SQLException e) {
    String state = e.getSQLState();
    return state != null && (state.startsWith("22") || state.startsWith("23") || state.startsWith("54"));
  }
}
