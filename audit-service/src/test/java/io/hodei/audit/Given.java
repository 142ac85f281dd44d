package io.hodei.audit;

import io.hodei.kit.Codec;
import io.hodei.kit.Settings;
import io.hodei.schemas.JobEvent;
import io.hodei.schemas.Topic;
import io.hodei.testkit.PlainAvro;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// What the tests are made of: events of one afternoon, and the places they were read at.
final class Given {
  static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  static final TopicPartition JOBS = new TopicPartition("hodei.job-events", 0);
  private static final Settings SETTINGS = Settings.of(Map.of(
      "hodei.kafka.value-serializer", PlainAvro.class.getName(), "hodei.kafka.value-deserializer", PlainAvro.class.getName()));
  static final Codec CODEC = new Codec(SETTINGS);

  private Given() {}

  static Map<Topic, String> names() {
    Map<Topic, String> names = new EnumMap<>(Topic.class);
    EventReader.TOPICS.forEach(topic -> names.put(topic, SETTINGS.topic(topic)));
    return names;
  }

  static EventReader reader() {
    return new EventReader(CODEC, names());
  }

  static JobEvent.Builder event(String id) {
    return JobEvent.newBuilder().setType("JobQueued").setEventId(id).setOccurredAt(NOON).setCorrelationId("c-1").setActor("ann").setJobId("j-1");
  }

  static ConsumerRecord<String, byte[]> record(long offset, SpecificRecord event) {
    return bytes(offset, CODEC.bytes(Topic.JOB_EVENTS, event));
  }

  static ConsumerRecord<String, byte[]> bytes(long offset, byte[] value) {
    return new ConsumerRecord<>(JOBS.topic(), JOBS.partition(), offset, "j-1", value);
  }

  static EventRow row(long offset, JobEvent.Builder event) {
    try {
      return reader().row(record(offset, event.build()));
    } catch (EventReader.Unreadable | EventReader.NotNow e) {
      throw new AssertionError(e);
    }
  }

  static void write(AuditStore store, long from, List<EventRow> rows) throws Exception {
    Map<TopicPartition, Long> begin = new java.util.HashMap<>();
    begin.put(JOBS, store.positions().get(JOBS));
    store.write(rows, begin, Map.of(JOBS, from + rows.size()));
  }
}
