package io.hodei.kit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;

/// Writes Avro in the Confluent wire format: a zero byte, the four bytes of the schema's id, the binary record.
/// Configured by `schema.registry.url`. Thread-safe.
public final class RegistrySerializer implements Serializer<Object> {
  private final Map<Schema, SpecificDatumWriter<SpecificRecord>> writers = new ConcurrentHashMap<>();
  private SchemaIds ids = new SchemaIds("http://127.0.0.1:8081/apis/ccompat/v7");

  static {
    AvroTrust.extend();
  }

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    ids = SchemaIds.of(String.valueOf(configs.get("schema.registry.url")));
  }

  @Override
  public byte[] serialize(String topic, Object value) {
    if (!(value instanceof SpecificRecord record)) {
      throw new SerializationException("Expected an Avro record for " + topic + ", but found " + value);
    }
    Schema schema = record.getSchema();
    try {
      int id = ids.idOf(topic + "-value", schema);
      ByteArrayOutputStream out = new ByteArrayOutputStream(512);
      out.write(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
      writers.computeIfAbsent(schema, SpecificDatumWriter::new).write(record, encoder);
      encoder.flush();
      return out.toByteArray();
    } catch (IOException e) {
      throw new SerializationException("Expected to write " + schema.getName() + " for " + topic + ", but: " + e.getMessage(), e);
    }
  }
}
