package io.hodei.kit;

import io.hodei.schemas.Topic;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where records go that cannot be read: the original bytes, keyed by their source, the reason in the headers. Repeating a
/// record overwrites it. Thread-safe.
public final class DeadLetters {
  private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

  private final String topic;
  private final String service;
  private final Counter counter;

  public DeadLetters(Settings settings, String service, MeterRegistry metrics) {
    this.topic = settings.topic(Topic.DEAD_LETTERS);
    this.service = service;
    this.counter = Counter.builder("hodei.dead.letters").description("Records that could not be read").register(metrics);
  }

  /// Sends `record` to the dead letters and goes on.
  public void send(Producer<String, byte[]> producer, ConsumerRecord<String, byte[]> record, String reason) {
    producer.send(letter(record.topic(), record.partition(), record.offset(), record.key(), record.value(), reason));
  }

  /// The letter itself, for those who send in a transaction.
  public ProducerRecord<String, byte[]> letter(String source, int partition, long offset, @Nullable String key, byte @Nullable [] value, String reason) {
    LOG.warn("dead_letter source={}-{}-{} reason=\"{}\"", source, partition, offset, reason);
    counter.increment();
    return new ProducerRecord<>(topic, null, source + "-" + partition + "-" + offset, value == null ? new byte[0] : value,
        headers(key, reason));
  }

  /// `hodei.reason`, `hodei.service` and, when there was one, `hodei.original-key`.
  public Headers headers(@Nullable String key, String reason) {
    RecordHeaders headers = new RecordHeaders();
    headers.add("hodei.reason", reason.getBytes(StandardCharsets.UTF_8));
    headers.add("hodei.service", service.getBytes(StandardCharsets.UTF_8));
    if (key != null) {
      headers.add("hodei.original-key", key.getBytes(StandardCharsets.UTF_8));
    }
    return headers;
  }
}
