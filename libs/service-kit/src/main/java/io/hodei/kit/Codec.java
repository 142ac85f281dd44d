package io.hodei.kit;

import io.hodei.schemas.Topic;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.clients.producer.ProducerRecord;

/// Values to bytes and back, by the serializer and deserializer classes of the configuration. Thread-safe.
public final class Codec {
  static {
    AvroTrust.extend();
  }

  private final Settings settings;
  private final Serializer<Object> serializer;
  private final Deserializer<Object> deserializer;

  public Codec(Settings settings) {
    this.settings = settings;
    this.serializer = made(settings.text(Key.KAFKA_SERIALIZER));
    this.deserializer = made(settings.text(Key.KAFKA_DESERIALIZER));
    Map<String, Object> config = Map.of("schema.registry.url", settings.text(Key.REGISTRY_URL),
        "specific.avro.reader", true, "avro.use.logical.type.converters", true);
    serializer.configure(config, false);
    deserializer.configure(config, false);
  }

  public byte[] bytes(Topic topic, SpecificRecord value) {
    return serializer.serialize(settings.topic(topic), value);
  }

  /// A record for `topic`, ready to be sent.
  public ProducerRecord<String, byte[]> record(Topic topic, String key, SpecificRecord value) {
    return new ProducerRecord<>(settings.topic(topic), key, bytes(topic, value));
  }

  /// The value of a record of `topic`.
  ///
  /// @throws SerializationException when it is not one; UnknownSchemaException when its schema cannot be found
  public <T extends SpecificRecord> T value(Topic topic, byte[] bytes, Class<T> type) {
    Object value = deserializer.deserialize(settings.topic(topic), bytes);
    if (!type.isInstance(value)) {
      throw new SerializationException("Expected a " + type.getSimpleName() + " on " + settings.topic(topic) + ", but found "
          + (value == null ? "nothing" : value.getClass().getSimpleName()));
    }
    return type.cast(value);
  }

  @SuppressWarnings("unchecked")
  private static <T> T made(String className) {
    try {
      return (T) Class.forName(className).getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new SettingsException("Expected a serializer class on the classpath, but " + className + ": " + e);
    }
  }
}
