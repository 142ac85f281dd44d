package io.hodei.lifecycle;

import io.hodei.kit.Codec;
import io.hodei.kit.KafkaClients;
import io.hodei.kit.UnknownSchemaException;
import io.hodei.lifecycle.LowWaterMark.Position;
import io.hodei.schemas.Topic;
import io.hodei.schemas.WorkerCommand;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads worker-commands from the low-water mark on and puts each into its lane; opens the lanes when everything that
/// was there at the start is in. All partitions are ours: there is one reader per provider instance. `turn` is called
/// again and again by one thread, `close` after it.
final class CommandReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration COMMIT_AT_LEAST = Duration.ofMinutes(1);
  private static final int MOST_OPEN_COMMANDS = 20_000;
  private static final Logger LOG = LoggerFactory.getLogger(CommandReader.class);

  private final String topic;
  private final String group;
  private final KafkaClients clients;
  private final Codec codec;
  private final Inbox inbox;
  private final LowWaterMark mark;
  private final Map<TopicPartition, Long> next = new HashMap<>();
  private @Nullable KafkaConsumer<String, byte[]> consumer;
  private @Nullable Map<TopicPartition, Long> backlogEnds;
  private boolean opened;
  private Map<Integer, Long> committed = Map.of();
  private long committedNanos = System.nanoTime();

  /// Where the records go.
  interface Inbox {
    void take(WorkerCommand command, Position at);

    void refuse(ConsumerRecord<String, byte[]> record, String reason) throws InterruptedException;

    /// Everything that was there at the start was taken.
    void backlogDone();
  }

  CommandReader(String topic, String group, KafkaClients clients, Codec codec, LowWaterMark mark, Inbox inbox) {
    this.topic = topic;
    this.group = group;
    this.clients = clients;
    this.codec = codec;
    this.mark = mark;
    this.inbox = inbox;
  }

  /// One poll and what follows from it. After an exception the next turn goes on where this one was.
  void turn() throws InterruptedException {
    try {
      KafkaConsumer<String, byte[]> current = assigned();
      if (mark.openCount() > MOST_OPEN_COMMANDS) {
        Thread.sleep(POLL);
      } else {
        for (ConsumerRecord<String, byte[]> record : current.poll(POLL)) {
          take(record);
        }
        passMarkers(current);
      }
      commit(current);
    } catch (InterruptException e) {
      throw new InterruptedException("stopped");
    } catch (KafkaException e) {
      drop();
      throw e;
    }
  }

  private KafkaConsumer<String, byte[]> assigned() {
    KafkaConsumer<String, byte[]> current = consumer;
    if (current == null) {
      current = clients.consumer(group, group);
      consumer = current;
      List<TopicPartition> partitions = current.partitionsFor(topic).stream()
          .map(p -> new TopicPartition(topic, p.partition())).toList();
      current.assign(partitions);
      next.forEach(current::seek);
      if (backlogEnds == null) {
        backlogEnds = current.endOffsets(partitions);
        LOG.info("commands_from positions={}", positions(current, partitions));
      }
    }
    return current;
  }

  private static Map<TopicPartition, Long> positions(KafkaConsumer<String, byte[]> consumer, List<TopicPartition> partitions) {
    Map<TopicPartition, Long> positions = new HashMap<>();
    partitions.forEach(p -> positions.put(p, consumer.position(p)));
    return positions;
  }

  private void take(ConsumerRecord<String, byte[]> record) throws InterruptedException {
    Position at = new Position(record.partition(), record.offset());
    try {
      byte[] value = record.value();
      if (value == null) {
        throw new SerializationException("Expected a WorkerCommand, but found a tombstone");
      }
      WorkerCommand command = codec.value(Topic.WORKER_COMMANDS, value, WorkerCommand.class);
      mark.opened(at);
      inbox.take(command, at);
    } catch (SerializationException | UnknownSchemaException | IllegalArgumentException e) {
      if (registryIsAway(e)) {
        throw e;
      }
      mark.opened(at);
      inbox.refuse(record, String.valueOf(e.getMessage()));
      mark.settled(at);
    }
    next.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
  }

  private static boolean registryIsAway(RuntimeException e) {
    return e.getCause() instanceof ConnectException || e.getCause() instanceof HttpTimeoutException;
  }

  /// What read_committed hides (aborted records, markers) counts as read.
  private void passMarkers(KafkaConsumer<String, byte[]> current) {
    for (TopicPartition partition : current.assignment()) {
      long position = current.position(partition, POLL);
      next.put(partition, position);
      mark.read(partition.partition(), position);
    }
    Map<TopicPartition, Long> ends = backlogEnds;
    if (!opened && ends != null && ends.entrySet().stream().allMatch(end -> next.getOrDefault(end.getKey(), 0L) >= end.getValue())) {
      opened = true;
      inbox.backlogDone();
    }
  }

  private void commit(KafkaConsumer<String, byte[]> current) {
    Map<Integer, Long> marks = mark.committable();
    boolean due = System.nanoTime() - committedNanos > COMMIT_AT_LEAST.toNanos();
    if (opened && (due || !marks.equals(committed))) {
      current.commitAsync(offsets(marks), (offsets, failure) -> {
        if (failure != null) {
          LOG.warn("commit_failed cause=\"{}\"", failure.toString());
        }
      });
      committed = marks;
      committedNanos = System.nanoTime();
    }
  }

  private Map<TopicPartition, OffsetAndMetadata> offsets(Map<Integer, Long> marks) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    marks.forEach((partition, offset) -> offsets.put(new TopicPartition(topic, partition), new OffsetAndMetadata(offset)));
    return offsets;
  }

  private void drop() {
    KafkaConsumer<String, byte[]> broken = consumer;
    consumer = null;
    if (broken != null) {
      broken.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
    }
  }

  @Override
  public void close() {
    KafkaConsumer<String, byte[]> current = consumer;
    if (current != null && opened) {
      try {
        current.commitSync(offsets(mark.committable()), Duration.ofSeconds(2));
      } catch (KafkaException e) {
        LOG.warn("commit_failed cause=\"{}\"", e.toString());
      }
    }
    drop();
  }
}
