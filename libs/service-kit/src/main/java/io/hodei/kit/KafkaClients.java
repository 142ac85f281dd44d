package io.hodei.kit;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Kafka clients as Hodei wants them: keys are strings, values bytes (see [Codec]), producers idempotent, consumers
/// without automatic commits.
public final class KafkaClients {
  private static final int SMALL_FETCH_BYTES = 64 * 1024;
  private final Settings settings;
  private final String service;

  public KafkaClients(Settings settings, String service) {
    this.settings = settings;
    this.service = service;
  }

  /// Properties of every client.
  public Map<String, Object> common(String purpose) {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", settings.text(Key.KAFKA_BOOTSTRAP));
    config.put("client.id", service + "-" + purpose);
    config.put("reconnect.backoff.ms", 50);
    config.put("reconnect.backoff.max.ms", 1000);
    config.put("retry.backoff.ms", 50);
    config.put("retry.backoff.max.ms", 1000);
    config.put("metadata.recovery.strategy", "rebootstrap");
    config.put("enable.metrics.push", false);
    return config;
  }

  public Admin admin() {
    Map<String, Object> config = common("admin");
    config.put("default.api.timeout.ms", 30_000);
    config.put("request.timeout.ms", 10_000);
    return Admin.create(config);
  }

  /// acks=all, idempotent, no linger; gives a record up after two minutes.
  public KafkaProducer<String, byte[]> producer(String purpose) {
    return new KafkaProducer<>(producerConfig(purpose), new StringSerializer(), new ByteArraySerializer());
  }

  /// The same within transactions of `transactionalId`; the caller initialises it.
  public KafkaProducer<String, byte[]> transactional(String purpose, String transactionalId) {
    Map<String, Object> config = producerConfig(purpose);
    config.put("transactional.id", transactionalId);
    config.put("transaction.timeout.ms", 10_000);
    return new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
  }

  /// Properties of [#producer]; `delivery.timeout.ms` may be shortened by the caller.
  public Map<String, Object> producerConfig(String purpose) {
    Map<String, Object> config = common(purpose);
    config.put("acks", "all");
    config.put("enable.idempotence", true);
    config.put("linger.ms", 0);
    config.put("max.request.size", 2 * 1024 * 1024);
    config.put("request.timeout.ms", 10_000);
    config.put("delivery.timeout.ms", 120_000);
    config.put("max.block.ms", 10_000);
    return config;
  }

  /// read_committed, from the earliest offset, without a group.
  public KafkaConsumer<String, byte[]> consumer(String purpose) {
    return new KafkaConsumer<>(consumerConfig(purpose), new StringDeserializer(), new ByteArrayDeserializer());
  }

  /// The same for one of many readers: it keeps little of what it has fetched, and hands out one record at a time.
  public KafkaConsumer<String, byte[]> smallConsumer(String purpose) {
    Map<String, Object> config = consumerConfig(purpose);
    config.put("max.partition.fetch.bytes", SMALL_FETCH_BYTES);
    config.put("fetch.max.bytes", SMALL_FETCH_BYTES);
    config.put("receive.buffer.bytes", SMALL_FETCH_BYTES);
    config.put("max.poll.records", 1);
    return new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer());
  }

  /// Closes a consumer without a group at once. An orderly close waits for its last fetch, half a second when there is nothing
  /// new; the broker forgets the fetch session by itself.
  public static void drop(KafkaConsumer<?, ?> consumer) {
    consumer.close(CloseOptions.timeout(Duration.ZERO));
  }

  /// The same with a group whose offsets the caller commits.
  public KafkaConsumer<String, byte[]> consumer(String purpose, String group) {
    Map<String, Object> config = consumerConfig(purpose);
    config.put("group.id", group);
    return new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer());
  }

  private Map<String, Object> consumerConfig(String purpose) {
    Map<String, Object> config = common(purpose);
    config.put("isolation.level", "read_committed");
    config.put("auto.offset.reset", "earliest");
    config.put("enable.auto.commit", false);
    config.put("allow.auto.create.topics", false);
    config.put("max.poll.records", 2000);
    config.put("default.api.timeout.ms", 30_000);
    return config;
  }
}
