package io.hodei.api;

import io.hodei.kit.Codec;
import io.hodei.kit.KafkaClients;
import io.hodei.schemas.LogBatch;
import io.hodei.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;

/// [LogFeed] with a consumer of its own. The partition is the one that Kafka's default partitioner gives the job's id.
final class KafkaLogFeed implements LogFeed {
  private final Codec codec;
  private final String jobId;
  private final KafkaConsumer<String, byte[]> consumer;
  private final TopicPartition partition;

  KafkaLogFeed(KafkaClients clients, Codec codec, String topic, String jobId) {
    this.codec = codec;
    this.jobId = jobId;
    this.consumer = clients.smallConsumer("logs");
    int partitions = consumer.partitionsFor(topic).size();
    this.partition = new TopicPartition(topic, partitionOf(jobId, partitions));
    consumer.assign(List.of(partition));
  }

  static int partitionOf(String key, int partitions) {
    return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % partitions;
  }

  @Override
  public void seek(long offset) {
    consumer.seek(partition, offset);
  }

  @Override
  public long offsetAt(Instant time) {
    // The end first: what is written between the two questions is found by the second.
    long end = end();
    var found = consumer.offsetsForTimes(Map.of(partition, time.toEpochMilli())).get(partition);
    return found == null ? end : found.offset();
  }

  @Override
  public List<LogBatch> poll(Duration patience) {
    List<LogBatch> batches = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> record : consumer.poll(patience)) {
      if (jobId.equals(record.key()) && record.value() != null) {
        batches.add(codec.value(Topic.JOB_LOGS, record.value(), LogBatch.class));
      }
    }
    return batches;
  }

  @Override
  public long position() {
    return consumer.position(partition);
  }

  @Override
  public long end() {
    return consumer.endOffsets(List.of(partition)).get(partition);
  }

  @Override
  public void close() {
    KafkaClients.drop(consumer);
  }
}
