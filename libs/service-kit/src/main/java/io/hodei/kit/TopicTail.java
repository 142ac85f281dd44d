package io.hodei.kit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads whole topics from their first record on, for ever, on one thread of its own: what a view or a fold is made of.
/// The handler is called on that thread, in order per partition; it must not throw (what it throws is logged and the
/// record is skipped). After a fatal client error the consumer is made anew and goes on where it was.
public final class TopicTail implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TopicTail.class);

  private final String name;
  private final KafkaClients clients;
  private final List<String> topics;
  private final Consumer<ConsumerRecord<String, byte[]>> handler;
  private final Map<TopicPartition, Long> positions = new ConcurrentHashMap<>();
  private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();
  private final Object moved = new Object();
  private final Thread thread;
  private volatile boolean closed;
  private volatile long lastPollNanos = System.nanoTime();
  private volatile KafkaConsumer<String, byte[]> consumer;

  private TopicTail(String name, KafkaClients clients, List<String> topics, Consumer<ConsumerRecord<String, byte[]>> handler) {
    this.name = name;
    this.clients = clients;
    this.topics = List.copyOf(topics);
    this.handler = handler;
    this.consumer = clients.consumer(name);
    this.thread = Thread.ofPlatform().name("tail-" + name).daemon().unstarted(this::run);
  }

  public static TopicTail start(String name, KafkaClients clients, List<String> topics, Consumer<ConsumerRecord<String, byte[]>> handler) {
    TopicTail tail = new TopicTail(name, clients, topics, handler);
    tail.thread.start();
    return tail;
  }

  /// Done when everything that was there at the start has been handled.
  public CompletableFuture<Void> caughtUp() {
    return caughtUp;
  }

  /// The next offset to be read; everything below has been handled. 0 when nothing was read yet.
  public long position(TopicPartition partition) {
    return positions.getOrDefault(partition, 0L);
  }

  /// Time since the last successful poll: more than some seconds mean that Kafka is away.
  public Duration silence() {
    return Duration.ofNanos(System.nanoTime() - lastPollNanos);
  }

  /// Waits until everything of `partition` below `offset` has been handled; false when `patience` is over.
  public boolean await(TopicPartition partition, long offset, Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    synchronized (moved) {
      while (position(partition) < offset) {
        long left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0 || closed) {
          return false;
        }
        moved.wait(Math.min(left, 200));
      }
      return true;
    }
  }

  private void run() {
    while (!closed) {
      try (KafkaConsumer<String, byte[]> current = consumer) {
        follow(current);
      } catch (WakeupException e) {
        return;
      } catch (KafkaException e) {
        if (closed) {
          return;
        }
        LOG.warn("tail_restart tail={} cause=\"{}\"", name, e.toString());
        pause();
        consumer = clients.consumer(name);
      }
    }
  }

  private void follow(KafkaConsumer<String, byte[]> current) {
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic : topics) {
      for (PartitionInfo info : current.partitionsFor(topic)) {
        partitions.add(new TopicPartition(topic, info.partition()));
      }
    }
    current.assign(partitions);
    List<TopicPartition> fresh = new ArrayList<>();
    for (TopicPartition partition : partitions) {
      Long position = positions.get(partition);
      if (position == null) {
        fresh.add(partition);
      } else {
        current.seek(partition, position);
      }
    }
    current.seekToBeginning(fresh);
    Map<TopicPartition, Long> ends = new HashMap<>(current.endOffsets(partitions));
    while (!closed) {
      for (ConsumerRecord<String, byte[]> record : current.poll(Duration.ofMillis(caughtUp.isDone() ? 500 : 50))) {
        handle(record);
      }
      lastPollNanos = System.nanoTime();
      synchronized (moved) {
        for (TopicPartition partition : partitions) {
          positions.put(partition, current.position(partition));
        }
        moved.notifyAll();
      }
      if (!caughtUp.isDone()) {
        ends.entrySet().removeIf(end -> position(end.getKey()) >= end.getValue());
        if (ends.isEmpty()) {
          caughtUp.complete(null);
        }
      }
    }
  }

  private void handle(ConsumerRecord<String, byte[]> record) {
    try {
      handler.accept(record);
    } catch (RuntimeException e) {
      LOG.error("tail_record_skipped tail={} topic={} partition={} offset={}", name, record.topic(), record.partition(), record.offset(), e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(500);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed = true;
    consumer.wakeup();
    try {
      thread.join(5000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
