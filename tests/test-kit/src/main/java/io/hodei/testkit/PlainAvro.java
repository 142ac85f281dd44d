package io.hodei.testkit;

import io.hodei.schemas.Topic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/// Framed Avro without a registry, for the tests of services that need none: named in `hodei.kafka.value-serializer` and
/// `hodei.kafka.value-deserializer`. The id of a schema is the ordinal of its topic. Thread-safe. A value that begins with 9 is one whose
/// schema the registry, being away, does not tell.
public final class PlainAvro implements Serializer<Object>, Deserializer<Object> {
  static {
    ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(ClassSecurityValidator.DEFAULT,
        type -> type.getPackageName().equals("io.hodei.schemas")));
  }

  @Override
  public byte[] serialize(String topic, Object value) {
    SpecificRecord record = (SpecificRecord) value;
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(ByteBuffer.allocate(5).put((byte) 0).putInt(idOf(record.getSchema())).array());
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
      new SpecificDatumWriter<SpecificRecord>(record.getSchema()).write(record, encoder);
      encoder.flush();
      return out.toByteArray();
    } catch (IOException e) {
      throw new SerializationException(e);
    }
  }

  @Override
  public Object deserialize(String topic, byte[] data) {
    if (data.length > 0 && data[0] == 9) {
      throw new SerializationException("Expected a schema", new ConnectException("refused"));
    }
    try {
      Schema schema = Topic.values()[ByteBuffer.wrap(data, 1, 4).getInt()].schema();
      return new SpecificDatumReader<SpecificRecord>(schema).read(null, DecoderFactory.get().binaryDecoder(data, 5, data.length - 5, null));
    } catch (IOException | RuntimeException e) {
      throw new SerializationException("Expected framed Avro, but: " + e, e);
    }
  }

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {}

  @Override
  public void close() {}

  private static int idOf(Schema schema) {
    for (Topic topic : Topic.withSchema()) {
      if (topic.schema().equals(schema)) {
        return topic.ordinal();
      }
    }
    throw new SerializationException("Expected a schema of the catalogue, but found " + schema.getName());
  }
}
