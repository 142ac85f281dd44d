package io.hodei.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/// An outside Kafka client that knows the broker's address, the registry's URL and the Confluent wire format, and no class of Hodei.
public final class Topics {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final String bootstrap;
  private final String registry;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<Integer, Schema> schemas = new HashMap<>();
  private final Map<String, JsonNode> newest = new HashMap<>();

  public Topics(String bootstrap, String registry) {
    this.bootstrap = bootstrap;
    this.registry = registry;
  }

  public static Topics of(Installation installation) {
    return new Topics(installation.bootstrap(), installation.url("registry"));
  }

  /// Everything committed on a topic, decoded; keys and tombstones are left out of the records.
  public List<GenericRecord> records(String topic) {
    List<GenericRecord> found = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> record : raw(topic)) {
      if (record.value() != null) {
        found.add(decode(record.value()));
      }
    }
    return found;
  }

  /// Everything committed on an event topic, in the order of its offsets.
  public List<Event> events(String topic) {
    return raw(topic).stream().filter(record -> record.value() != null)
        .map(record -> Event.of(topic, record.offset(), decode(record.value()))).toList();
  }

  /// A field of a record as text.
  public static String text(GenericRecord record, String field) {
    return String.valueOf(record.get(field));
  }

  /// A field of a record as text; null when it is null.
  public static @Nullable String optional(GenericRecord record, String field) {
    Object value = record.get(field);
    return value == null ? null : value.toString();
  }

  /// Everything committed on a topic, as bytes.
  public List<ConsumerRecord<String, byte[]>> raw(String topic) {
    Map<String, Object> config = Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed", "auto.offset.reset", "earliest",
        "allow.auto.create.topics", false);
    List<ConsumerRecord<String, byte[]>> found = new ArrayList<>();
    try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = consumer.partitionsFor(topic).stream().map(info -> new TopicPartition(topic, info.partition())).toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
      long guard = System.nanoTime() + Duration.ofMinutes(1).toNanos();
      while (!ends.isEmpty()) {
        consumer.poll(Duration.ofMillis(200)).forEach(found::add);
        ends.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
        if (System.nanoTime() > guard) {
          throw new AssertionError("Expected to reach the end of " + topic + ", but " + ends + " is left");
        }
      }
    }
    return found;
  }

  /// Sends many values by key, in order.
  public void sendAll(String topic, List<Map.Entry<String, byte[]>> records) {
    Map<String, Object> config = Map.of("bootstrap.servers", bootstrap, "acks", "all", "max.request.size", 4 * 1024 * 1024);
    try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer())) {
      List<java.util.concurrent.Future<RecordMetadata>> sent = new ArrayList<>();
      records.forEach(record -> sent.add(producer.send(new ProducerRecord<>(topic, record.getKey(), record.getValue()))));
      for (java.util.concurrent.Future<RecordMetadata> each : sent) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError("Expected " + topic + " to take " + records.size() + " records, but: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// Sends bytes; where they are.
  public RecordMetadata send(String topic, @Nullable String key, byte[] value) {
    Map<String, Object> config = Map.of("bootstrap.servers", bootstrap, "acks", "all", "max.request.size", 4 * 1024 * 1024);
    try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer())) {
      return producer.send(new ProducerRecord<>(topic, key, value)).get();
    } catch (ExecutionException e) {
      throw new AssertionError("Expected " + topic + " to take a record, but: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// A record of the newest schema of `subject` (asked for once), framed; `fields` are set by name, the rest has its defaults.
  public byte[] encode(String subject, Map<String, Object> fields) {
    try {
      JsonNode latest = newest.computeIfAbsent(subject, name -> ask("/subjects/" + name + "/versions/latest"));
      Schema schema = new Schema.Parser().parse(latest.path("schema").asText());
      org.apache.avro.generic.GenericRecordBuilder builder = new org.apache.avro.generic.GenericRecordBuilder(schema);
      fields.forEach(builder::set);
      java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
      out.write(ByteBuffer.allocate(5).put((byte) 0).putInt(latest.path("id").asInt()).array());
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
      new GenericDatumWriter<GenericRecord>(schema).write(builder.build(), encoder);
      encoder.flush();
      return out.toByteArray();
    } catch (IOException e) {
      throw new AssertionError("Expected to encode for " + subject + ", but: " + e, e);
    }
  }

  public GenericRecord decode(byte[] value) {
    ByteBuffer head = ByteBuffer.wrap(value);
    if (head.get() != 0) {
      throw new AssertionError("Expected the Confluent wire format, but the first byte is " + value[0]);
    }
    Schema schema = schemas.computeIfAbsent(head.getInt(), this::schema);
    try {
      return new GenericDatumReader<GenericRecord>(schema).read(null, DecoderFactory.get().binaryDecoder(value, 5, value.length - 5, null));
    } catch (IOException e) {
      throw new AssertionError("Expected a record of " + schema.getName() + ", but: " + e, e);
    }
  }

  private Schema schema(int id) {
    return new Schema.Parser().parse(ask("/schemas/ids/" + id).path("schema").asText());
  }

  private JsonNode ask(String path) {
    try {
      String base = registry.contains("/apis/ccompat") ? registry : registry + "/apis/ccompat/v7";
      HttpResponse<String> answer = http.send(HttpRequest.newBuilder(URI.create(base + path)).build(), HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new AssertionError("Expected 200 for " + path + ", but found " + answer.statusCode() + ": " + answer.body());
      }
      return MAPPER.readTree(answer.body());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
