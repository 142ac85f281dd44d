package io.hodei.kit;

import com.fasterxml.jackson.databind.JsonNode;
import io.hodei.schemas.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which schema has which id, and the other way. What the registry has answered once is kept for ever and copied to the
/// topic `schemas`, from which every process reads at its start: so all of them start and run while the registry is down.
/// One per process and registry; thread-safe.
public final class SchemaIds {
  private static final Logger LOG = LoggerFactory.getLogger(SchemaIds.class);
  private static final Map<String, SchemaIds> SHARED = new ConcurrentHashMap<>();

  private final Registry registry;
  private final Map<Integer, Schema> byId = new ConcurrentHashMap<>();
  private final Map<String, Integer> idBySubject = new ConcurrentHashMap<>();

  SchemaIds(String url) {
    this.registry = new Registry(url);
  }

  /// The one of this process for the registry at `url`.
  public static SchemaIds of(String url) {
    return SHARED.computeIfAbsent(url, SchemaIds::new);
  }

  /// Learns the ids of every schema of the catalogue: first from Kafka, then, for those that are missing there, from the
  /// registry, again and again until it answers.
  ///
  /// @throws IllegalStateException when `patience` is over
  public void prepare(Settings settings, KafkaClients clients, Duration patience) throws InterruptedException {
    String topic = settings.topic(Topic.SCHEMAS);
    readCopies(topic, clients);
    Set<Topic> missing = new HashSet<>();
    for (Topic each : Topic.withSchema()) {
      if (!idBySubject.containsKey(slot(subject(settings, each), each.schema()))) {
        missing.add(each);
      }
    }
    if (missing.isEmpty()) {
      return;
    }
    try (KafkaProducer<String, byte[]> producer = clients.producer("schemas")) {
      long end = System.nanoTime() + patience.toNanos();
      for (Topic each : missing) {
        String subject = subject(settings, each);
        int id = askUntil(end, subject, each.schema());
        remember(id, subject, each.schema());
        byte[] copy = Json.text(Map.of("id", id, "subject", subject, "schema", each.schema().toString())).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>(topic, Integer.toString(id) + "@" + subject, copy));
      }
      producer.flush();
    }
    LOG.info("schemas_registered count={}", missing.size());
  }

  /// The id of `schema` under `subject`. Asks the registry only for what [#prepare] has not met.
  int idOf(String subject, Schema schema) throws IOException {
    Integer known = idBySubject.get(slot(subject, schema));
    if (known != null) {
      return known;
    }
    int id = registry.register(subject, schema);
    remember(id, subject, schema);
    return id;
  }

  /// The schema of an id; may ask the registry.
  ///
  /// @throws UnknownSchemaException when there is none
  Schema schemaOf(int id) throws IOException {
    Schema known = byId.get(id);
    if (known != null) {
      return known;
    }
    Schema found = registry.byId(id);
    byId.put(id, found);
    return found;
  }

  /// True when [#schemaOf] answers without asking.
  boolean knows(int id) {
    return byId.containsKey(id);
  }

  private int askUntil(long end, String subject, Schema schema) throws InterruptedException {
    while (true) {
      try {
        return registry.register(subject, schema);
      } catch (IOException | RuntimeException e) {
        if (System.nanoTime() > end) {
          throw new IllegalStateException("Expected the schema registry to register " + subject + ", but: " + e.getMessage(), e);
        }
        Thread.sleep(250);
      }
    }
  }

  private void readCopies(String topic, KafkaClients clients) {
    try (KafkaConsumer<String, byte[]> consumer = clients.consumer("schemas")) {
      List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long end = consumer.endOffsets(partitions).get(partitions.getFirst());
      while (consumer.position(partitions.getFirst()) < end) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          learn(record);
        }
      }
    }
  }

  /// A copy that cannot be read is a missing one: the registry is asked instead, and no service stays down for it.
  private void learn(ConsumerRecord<String, byte[]> record) {
    try {
      if (record.value() != null) {
        JsonNode copy = Json.MAPPER.readTree(record.value());
        remember(copy.path("id").asInt(), copy.path("subject").asText(), new Schema.Parser().parse(copy.path("schema").asText()));
      }
    } catch (IOException | AvroRuntimeException e) {
      LOG.warn("schema_copy_skipped topic={} offset={} cause=\"{}\"", record.topic(), record.offset(), e.toString());
    }
  }

  private void remember(int id, String subject, Schema schema) {
    byId.put(id, schema);
    idBySubject.put(slot(subject, schema), id);
  }

  private static String slot(String subject, Schema schema) {
    return subject + "\0" + org.apache.avro.SchemaNormalization.parsingFingerprint64(schema) + "\0" + schema.toString().hashCode();
  }

  private static String subject(Settings settings, Topic topic) {
    return settings.topic(topic) + "-value";
  }
}
