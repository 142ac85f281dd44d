package io.hodei.kit;

import io.hodei.schemas.Topic;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where records go that cannot be read: the original bytes, keyed by their source, the reason in the headers. Repeating a
/// record overwrites it. A letter always fits into its topic, however large the record was: what is too long is cut, and the
/// headers say how long it was. Thread-safe.
public final class DeadLetters {
  /// Headers of a letter; the sizes only where the value or the key was cut.
  public static final String REASON = "hodei.reason";
  public static final String SERVICE = "hodei.service";
  public static final String ORIGINAL_KEY = "hodei.original-key";
  public static final String ORIGINAL_SIZE = "hodei.original-size";
  public static final String ORIGINAL_KEY_SIZE = "hodei.original-key-size";

  /// What is kept of each, in bytes: together less than the 2 MiB that the topic and our producers take. A record of a compressed batch
  /// may be many times as large as its own topic's limit.
  static final int LARGEST_VALUE = 2 * 1024 * 1024 - 64 * 1024;
  static final int LARGEST_KEY = 16 * 1024;
  static final int LARGEST_REASON = 4 * 1024;

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
    return new ProducerRecord<>(topic, null, source + "-" + partition + "-" + offset, kept(value),
        headers(key == null ? null : key.getBytes(StandardCharsets.UTF_8), value, reason));
  }

  /// The value of a letter: that of the record, or its beginning; never null, which would be a tombstone.
  public static byte[] kept(byte @Nullable [] value) {
    return value == null ? new byte[0] : cut(value, LARGEST_VALUE);
  }

  /// The headers of the letter of a record with this key and value.
  public Headers headers(byte @Nullable [] key, byte @Nullable [] value, String reason) {
    RecordHeaders headers = new RecordHeaders();
    headers.add(REASON, cut(reason.getBytes(StandardCharsets.UTF_8), LARGEST_REASON));
    headers.add(SERVICE, service.getBytes(StandardCharsets.UTF_8));
    if (key != null) {
      headers.add(ORIGINAL_KEY, cut(key, LARGEST_KEY));
      size(headers, ORIGINAL_KEY_SIZE, key, LARGEST_KEY);
    }
    if (value != null) {
      size(headers, ORIGINAL_SIZE, value, LARGEST_VALUE);
    }
    return headers;
  }

  private static void size(Headers headers, String name, byte[] original, int largest) {
    if (original.length > largest) {
      headers.add(name, Integer.toString(original.length).getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static byte[] cut(byte[] bytes, int largest) {
    return bytes.length <= largest ? bytes : Arrays.copyOf(bytes, largest);
  }
}
