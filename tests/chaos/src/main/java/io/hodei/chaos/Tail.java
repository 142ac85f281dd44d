package io.hodei.chaos;

import io.hodei.testkit.Await;
import io.hodei.testkit.Event;
import io.hodei.testkit.Installation;
import io.hodei.testkit.Topics;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Follows the events while they come, for people and to know when it is quiet; what is judged is read anew. A thread of its own.
final class Tail implements AutoCloseable {
  private final Topics topics;
  private final Set<String> ended = ConcurrentHashMap.newKeySet();
  private final Set<String> openJobs = ConcurrentHashMap.newKeySet();
  private final Set<String> openWorkers = ConcurrentHashMap.newKeySet();
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Thread thread;
  /// Written by the tail's thread alone.
  private volatile int moved;

  Tail(Installation hodei) {
    topics = Topics.of(hodei);
    consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", hodei.bootstrap(), "isolation.level", "read_committed", "auto.offset.reset", "earliest",
        "allow.auto.create.topics", false), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions = List.of(new TopicPartition("hodei.job-events", 0), new TopicPartition("hodei.worker-events", 0));
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    thread = Thread.ofPlatform().daemon().name("tail").start(this::follow);
  }

  private void follow() {
    try (consumer) {
      while (true) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(300))) {
          see(decoded(record));
        }
      }
    } catch (org.apache.kafka.common.errors.WakeupException e) {
      // Closed.
    }
  }

  /// The first record of a schema needs the registry, which may be away.
  private Event decoded(ConsumerRecord<byte[], byte[]> record) {
    return Await.until("the registry to answer", Duration.ofMinutes(5), () -> {
      try {
        return Event.of(record.topic(), record.offset(), topics.decode(record.value()));
      } catch (UncheckedIOException | AssertionError e) {
        return null;
      }
    });
  }

  private void see(Event event) {
    String job = event.job();
    String worker = event.worker();
    if (event.is("JobSubmitted") && job != null) {
      openJobs.add(job);
    } else if (event.is("JobCompleted") && job != null) {
      ended.add(job);
      moved++;
      openJobs.remove(job);
    } else if (event.is("WorkerProvisioningRequested") && worker != null) {
      openWorkers.add(worker);
    } else if (event.is("WorkerTerminated") && worker != null) {
      openWorkers.remove(worker);
      moved++;
    }
  }

  int ended() {
    return ended.size();
  }

  int openJobs() {
    return openJobs.size();
  }

  /// Grows with every end of a job or a worker.
  int moved() {
    return moved;
  }

  int openWorkers() {
    return openWorkers.size();
  }

  /// All of these have ended, and nothing else is open.
  boolean isQuiet(Set<String> accepted) {
    return openJobs.isEmpty() && openWorkers.isEmpty() && new HashSet<>(ended).containsAll(accepted);
  }

  @Override
  public void close() {
    consumer.wakeup();
    Schedule.join(thread);
  }
}
