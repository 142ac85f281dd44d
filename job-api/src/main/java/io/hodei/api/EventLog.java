package io.hodei.api;

import io.hodei.kit.Codec;
import io.hodei.kit.KafkaClients;
import io.hodei.kit.Problem;
import io.hodei.schemas.Job;
import io.hodei.schemas.JobEvent;
import io.hodei.schemas.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// A job's events, read from `hodei.job-events` for each call: from the time of its submission on, until the last event
/// that its row counts. Runs on the call's thread with a consumer of its own.
final class EventLog {
  private static final Duration EARLIER = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final KafkaClients clients;
  private final Codec codec;
  private final String topic;

  EventLog(KafkaClients clients, Codec codec, String topic) {
    this.clients = clients;
    this.codec = codec;
    this.topic = topic;
  }

  List<Map<String, @Nullable Object>> of(Job job) {
    List<Map<String, @Nullable Object>> events = new ArrayList<>();
    Instant submitted = job.getSubmittedAt();
    if (submitted == null || job.getSequence() == 0) {
      return events;
    }
    KafkaConsumer<String, byte[]> consumer = clients.consumer("events");
    try {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      var start = consumer.offsetsForTimes(Map.of(partition, submitted.minus(EARLIER).toEpochMilli())).get(partition);
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      if (start != null) {
        consumer.seek(partition, start.offset());
        read(job, consumer, partition, end, events);
      }
    } finally {
      KafkaClients.drop(consumer);
    }
    return events;
  }

  private void read(Job job, KafkaConsumer<String, byte[]> consumer, TopicPartition partition, long end,
      List<Map<String, @Nullable Object>> into) {
    Deadline deadline = Deadline.in(PATIENCE);
    while (consumer.position(partition) < end) {
      for (var record : consumer.poll(Duration.ofMillis(200))) {
        if (job.getId().equals(record.key()) && record.value() != null) {
          JobEvent event = codec.value(Topic.JOB_EVENTS, record.value(), JobEvent.class);
          into.add(AvroJson.of(event));
          if (event.getSequence() != null && event.getSequence() >= job.getSequence()) {
            return;
          }
        }
      }
      if (deadline.isOver()) {
        throw new Problem(503, "too-slow", "Expected to read the events of job " + job.getId() + " within " + PATIENCE.toSeconds()
            + " s, but there are too many of other jobs in between; ask the audit: GET /v1/audit/events?jobId=" + job.getId() + ".").raise();
      }
    }
  }
}
