package io.hodei.audit;

import io.hodei.kit.Contact;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows the event topics into the store, on one thread of its own, from the positions that the store holds. Postgres,
/// Kafka and the registry may go away and come back: it tries again for ever and never leaves its place.
final class EventFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventFollower.class);
  private static final Duration POLL = Duration.ofMillis(250);
  private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();

  private final Supplier<Consumer<String, byte[]>> consumers;
  private final List<String> topics;
  private final EventReader reader;
  private final AuditStore store;
  private final BatchWriter writer;
  private final Counts counts;
  private final Retry retry = new Retry();
  private final Contact contact = new Contact();
  private final Thread thread = Thread.ofPlatform().name("audit-follower").daemon().unstarted(this::run);
  private final Map<TopicPartition, Long> reached = new HashMap<>();
  private volatile @Nullable Consumer<String, byte[]> current;
  private volatile @Nullable String trouble = "the audit database has not been reached yet";
  private boolean prepared;
  private long lastLookNanos = System.nanoTime() - LOOK_NANOS;

  EventFollower(Supplier<Consumer<String, byte[]>> consumers, Collection<String> topics, EventReader reader, AuditStore store, BatchWriter writer, Counts counts) {
    this.consumers = consumers;
    this.topics = List.copyOf(topics);
    this.reader = reader;
    this.store = store;
    this.writer = writer;
    this.counts = counts;
  }

  EventFollower start() {
    thread.start();
    return this;
  }

  /// What keeps it from writing; null when nothing does.
  @Nullable String trouble() {
    return trouble;
  }

  /// What is wrong when Kafka has not been heard for too long; null while it is. Time spent on Postgres does not count.
  @Nullable String kafkaTrouble() {
    return contact.trouble();
  }

  private void run() {
    while (!retry.stopped()) {
      try (Consumer<String, byte[]> consumer = consumers.get()) {
        current = consumer;
        follow(consumer);
      } catch (Retry.Stopped | WakeupException e) {
        return;
      } catch (KafkaException e) {
        LOG.warn("audit_consumer_restart cause=\"{}\"", e.toString());
        pauseQuietly();
      } catch (RuntimeException e) {
        LOG.error("audit_follower_failed", e);
        trouble = "the follower failed: " + e;
        pauseQuietly();
      }
    }
  }

  private void follow(Consumer<String, byte[]> consumer) throws Retry.Stopped {
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic : topics) {
      for (PartitionInfo info : consumer.partitionsFor(topic)) {
        partitions.add(new TopicPartition(topic, info.partition()));
      }
    }
    consumer.assign(partitions);
    reached.clear();
    takePlace(consumer);
    while (!retry.stopped()) {
      try {
        step(consumer);
      } catch (InvalidOffsetException e) {
        LOG.error("audit_offsets_gone partitions={}", e.partitions());
        takePlace(consumer);
      } catch (AuditStore.Moved e) {
        LOG.warn("audit_positions_moved note=\"reading from where they are now\" cause=\"{}\"", e.getMessage());
        takePlace(consumer);
      }
    }
  }

  private void step(Consumer<String, byte[]> consumer) throws Retry.Stopped, AuditStore.Moved {
    ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
    if (!records.isEmpty()) {
      contact.heard();
      trying(consumer, () -> writer.write(read(records)));
    }
    consumer.assignment().forEach(partition -> reached.put(partition, consumer.position(partition)));
    if (System.nanoTime() - lastLookNanos > LOOK_NANOS) {
      measure(consumer);
      boolean[] inPlace = {true};
      trying(consumer, () -> inPlace[0] = writer.isInPlace());
      if (!inPlace[0]) {
        LOG.info("audit_positions_moved note=\"reading from where they are now\"");
        takePlace(consumer);
      }
    }
  }

  private Batch read(ConsumerRecords<String, byte[]> records) throws EventReader.NotNow {
    List<Batch.Entry> entries = new ArrayList<>(records.count());
    for (ConsumerRecord<String, byte[]> record : records) {
      try {
        entries.add(new Batch.Entry(record, reader.row(record), null));
      } catch (EventReader.Unreadable e) {
        entries.add(new Batch.Entry(record, null, e.getMessage()));
      } catch (RuntimeException e) {
        LOG.error("audit_bug place={}-{}-{}", record.topic(), record.partition(), record.offset(), e);
        entries.add(new Batch.Entry(record, null, "BUG: " + e));
      }
    }
    return new Batch(entries);
  }

  /// Seeks to where the store is.
  private void takePlace(Consumer<String, byte[]> consumer) throws Retry.Stopped {
    List<Map<TopicPartition, @Nullable Long>> loaded = new ArrayList<>(1);
    try {
      trying(consumer, () -> loaded.add(writer.load()));
    } catch (AuditStore.Moved e) {
      throw new IllegalStateException("Expected reading to move nothing", e);
    }
    StartPlaces.seek(consumer, loaded.getFirst(), counts);
    consumer.assignment().forEach(partition -> reached.put(partition, consumer.position(partition)));
  }

  /// One thing to do that needs Postgres.
  @FunctionalInterface
  private interface Work {
    void run() throws SQLException, AuditStore.Moved, EventReader.NotNow;
  }

  /// Does `work`, again and again until neither Postgres nor the registry nor the dead letters are in its way.
  private void trying(Consumer<String, byte[]> consumer, Work work) throws Retry.Stopped, AuditStore.Moved {
    while (true) {
      try {
        onPostgres(work);
        if (trouble != null) {
          LOG.info("audit_database_reached");
        }
        trouble = null;
        retry.reset();
        return;
      } catch (SQLException e) {
        String state = e.getSQLState();
        prepared &= state == null || !state.startsWith("42") && !state.startsWith("3F");
        troubled("the audit database cannot be used: " + firstLine(e));
      } catch (EventReader.NotNow e) {
        troubled(String.valueOf(e.getMessage()));
      }
      retry.pause();
      measure(consumer);
    }
  }

  private void onPostgres(Work work) throws SQLException, AuditStore.Moved, EventReader.NotNow {
    contact.leave();
    try {
      if (!prepared) {
        store.prepare();
        prepared = true;
      }
      work.run();
    } finally {
      contact.back();
    }
  }

  private static String firstLine(Exception failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }

  private void troubled(String what) {
    if (!what.equals(trouble)) {
      LOG.warn("audit_waits cause=\"{}\"", what);
    }
    trouble = what;
  }

  private void measure(Consumer<String, byte[]> consumer) {
    if (System.nanoTime() - lastLookNanos <= LOOK_NANOS) {
      return;
    }
    lastLookNanos = System.nanoTime();
    try {
      long lag = 0;
      for (Map.Entry<TopicPartition, Long> end : consumer.endOffsets(consumer.assignment(), Contact.PATIENCE).entrySet()) {
        lag += Math.max(0, end.getValue() - reached.getOrDefault(end.getKey(), 0L));
      }
      counts.lag(lag);
      contact.heard();
    } catch (WakeupException e) {
      throw e;
    } catch (KafkaException e) {
      LOG.debug("audit_lag_unknown cause=\"{}\"", e.toString());
    }
  }

  private void pauseQuietly() {
    try {
      retry.pause();
    } catch (Retry.Stopped e) {
      LOG.debug("audit_stops");
    }
  }

  @Override
  public void close() {
    retry.stop();
    Consumer<String, byte[]> consumer = current;
    if (consumer != null) {
      consumer.wakeup();
    }
    try {
      thread.join(5000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
