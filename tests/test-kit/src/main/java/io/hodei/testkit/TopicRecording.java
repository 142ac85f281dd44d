package io.hodei.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/// Writes down every committed record of some topics while a test runs, on a thread of its own: compaction takes away what was, and a
/// checker wants to know what was true then.
public final class TopicRecording implements AutoCloseable {
  private final Topics topics;
  private final String bootstrap;
  private final List<TopicPartition> partitions = new ArrayList<>();
  private final List<ConsumerRecord<String, byte[]>> found = new ArrayList<>();
  private final Map<TopicPartition, Long> positions = new ConcurrentHashMap<>();
  private final Thread thread;
  private volatile boolean closed;

  private TopicRecording(Topics topics, String bootstrap, List<String> names) {
    this.topics = topics;
    this.bootstrap = bootstrap;
    try (KafkaConsumer<String, byte[]> consumer = consumer()) {
      names.forEach(name -> consumer.partitionsFor(name).forEach(info -> partitions.add(new TopicPartition(name, info.partition()))));
    }
    this.thread = Thread.ofPlatform().daemon().name("recording").unstarted(this::run);
  }

  /// Starts to write down, from the first record on.
  public static TopicRecording of(Installation installation, String... names) {
    TopicRecording recording = new TopicRecording(Topics.of(installation), installation.bootstrap(), List.of(names));
    recording.thread.start();
    return recording;
  }

  /// Everything committed on a topic up to now, in the order of each partition.
  public List<TopicRecord> upToNow(String topic) {
    Map<TopicPartition, Long> ends;
    try (KafkaConsumer<String, byte[]> consumer = consumer()) {
      ends = consumer.endOffsets(partitions.stream().filter(partition -> partition.topic().equals(topic)).toList());
    }
    Await.whenTrue("the recording of " + topic + " to get to " + ends, Duration.ofMinutes(1),
        () -> ends.entrySet().stream().allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue()));
    List<ConsumerRecord<String, byte[]>> raw;
    synchronized (found) {
      raw = found.stream().filter(record -> record.topic().equals(topic)).toList();
    }
    return raw.stream().map(record -> new TopicRecord(topic + "-" + record.partition(), record.offset(), record.key(),
        record.value() == null ? null : topics.decode(record.value()))).toList();
  }

  private void run() {
    try (KafkaConsumer<String, byte[]> consumer = consumer()) {
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (!closed) {
        List<ConsumerRecord<String, byte[]>> some = new ArrayList<>();
        consumer.poll(Duration.ofMillis(200)).forEach(some::add);
        synchronized (found) {
          found.addAll(some);
        }
        partitions.forEach(partition -> positions.put(partition, consumer.position(partition)));
      }
    }
  }

  private KafkaConsumer<String, byte[]> consumer() {
    Map<String, Object> config = new HashMap<>(Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed",
        "auto.offset.reset", "earliest", "allow.auto.create.topics", false));
    return new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer());
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join(5000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
