package io.hodei.kit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads whole topics from their first record on, for ever, on one thread of its own: what a view or a fold is made of.
/// The handler is called on that thread, in order per partition; it must not throw (what it throws is logged and the
/// record is skipped). After a fatal client error the consumer is made anew and goes on where it was.
public final class TopicTail implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TopicTail.class);

  private final String name;
  private final Supplier<? extends Consumer<String, byte[]>> consumers;
  private final List<String> topics;
  private final java.util.function.Consumer<ConsumerRecord<String, byte[]>> handler;
  private final Map<TopicPartition, Long> positions = new ConcurrentHashMap<>();
  private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();
  private final Contact contact;
  private final CatchUp catchUp = new CatchUp(System.nanoTime());
  private final Object moved = new Object();
  private final Thread thread;
  private volatile boolean closed;
  private volatile Consumer<String, byte[]> consumer;

  private TopicTail(String name, Supplier<? extends Consumer<String, byte[]>> consumers, List<String> topics, Contact contact,
      java.util.function.Consumer<ConsumerRecord<String, byte[]>> handler) {
    this.name = name;
    this.consumers = consumers;
    this.contact = contact;
    this.topics = List.copyOf(topics);
    this.handler = handler;
    this.consumer = consumers.get();
    this.thread = Thread.ofPlatform().name("tail-" + name).daemon().unstarted(this::run);
  }

  public static TopicTail start(String name, KafkaClients clients, List<String> topics,
      java.util.function.Consumer<ConsumerRecord<String, byte[]>> handler) {
    return start(name, () -> clients.consumer(name), topics, new Contact(), handler);
  }

  /// The same over any consumers: one, and another after each fatal error of the one before.
  static TopicTail start(String name, Supplier<? extends Consumer<String, byte[]>> consumers, List<String> topics, Contact contact,
      java.util.function.Consumer<ConsumerRecord<String, byte[]>> handler) {
    TopicTail tail = new TopicTail(name, consumers, topics, contact, handler);
    tail.thread.start();
    return tail;
  }

  /// Done when everything that was there at the start has been handled.
  public CompletableFuture<Void> caughtUp() {
    return caughtUp;
  }

  /// How much of what was there at the start has been handled, in words.
  public String progress() {
    return catchUp.words();
  }

  /// The next offset to be read; everything below has been handled. 0 when nothing was read yet.
  public long position(TopicPartition partition) {
    return positions.getOrDefault(partition, 0L);
  }

  /// Time since Kafka was last heard: it is asked whenever two seconds brought nothing, so more than that mean that it is away.
  public Duration silence() {
    return contact.silence();
  }

  /// What keeps it from reading, for readiness; null while Kafka is heard.
  public @Nullable String trouble() {
    return contact.trouble();
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
      try (Consumer<String, byte[]> current = consumer) {
        follow(current);
      } catch (WakeupException e) {
        return;
      } catch (KafkaException e) {
        if (closed) {
          return;
        }
        LOG.warn("tail_restart tail={} cause=\"{}\"", name, e.toString());
        pause();
        consumer = consumers.get();
      }
    }
  }

  private void follow(Consumer<String, byte[]> current) {
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
    Map<TopicPartition, Long> begins = current.beginningOffsets(partitions);
    Map<TopicPartition, Long> atStart = current.endOffsets(partitions);
    Map<TopicPartition, Long> ends = new HashMap<>(atStart);
    contact.heard();
    while (!closed) {
      ConsumerRecords<String, byte[]> records = current.poll(Duration.ofMillis(caughtUp.isDone() ? 500 : 50));
      records.forEach(this::handle);
      if (!records.isEmpty()) {
        contact.heard();
      } else if (contact.isDue()) {
        ask(current, partitions);
      }
      synchronized (moved) {
        for (TopicPartition partition : partitions) {
          positions.put(partition, current.position(partition));
        }
        moved.notifyAll();
      }
      if (!caughtUp.isDone()) {
        tell(begins, atStart);
        ends.entrySet().removeIf(end -> position(end.getKey()) >= end.getValue());
        if (ends.isEmpty()) {
          caughtUp.complete(null);
        }
      }
    }
  }

  private void tell(Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends) {
    long done = 0;
    long total = 0;
    for (Map.Entry<TopicPartition, Long> begin : begins.entrySet()) {
      long end = ends.getOrDefault(begin.getKey(), 0L);
      total += end - begin.getValue();
      done += Math.max(0, Math.min(position(begin.getKey()), end) - begin.getValue());
    }
    long now = System.nanoTime();
    catchUp.at(done, total, now);
    if (catchUp.isDue(now)) {
      LOG.info("tail_catching_up tail={} done={} total={} per_second={} left_seconds={}", name, done, total, catchUp.rate(), catchUp.leftSeconds());
    }
  }

  /// Asks Kafka for something small; its silence is no error here, only seen by [#silence].
  private void ask(Consumer<String, byte[]> current, List<TopicPartition> partitions) {
    try {
      current.endOffsets(partitions, Contact.PATIENCE);
      contact.heard();
    } catch (TimeoutException e) {
      LOG.debug("tail_unanswered tail={} silent_ms={}", name, silence().toMillis());
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
