package io.hodei.dispatcher;

import io.hodei.kit.UnknownSchemaException;
import io.hodei.schemas.Topic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/// The Confluent wire format without a registry: a schema's id is its place in the catalogue, from 1.
final class FixedSchemas {
  private static final List<Schema> SCHEMAS = Topic.withSchema().stream().map(Topic::schema).toList();

  private FixedSchemas() {}

  public static final class Writer implements Serializer<Object> {
    @Override
    public byte[] serialize(String topic, Object value) {
      SpecificRecord record = (SpecificRecord) value;
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(SCHEMAS.indexOf(record.getSchema()) + 1).array());
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
      try {
        new SpecificDatumWriter<SpecificRecord>(record.getSchema()).write(record, encoder);
        encoder.flush();
      } catch (IOException e) {
        throw new SerializationException(e);
      }
      return out.toByteArray();
    }
  }

  public static final class Reader implements Deserializer<Object> {
    @Override
    public @Nullable Object deserialize(String topic, byte[] data) {
      if (data.length < 5 || data[0] != 0) {
        throw new SerializationException("Expected framed Avro on " + topic + ", but found something else.");
      }
      int id = ByteBuffer.wrap(data, 1, 4).getInt();
      if (id < 1 || id > SCHEMAS.size()) {
        throw new UnknownSchemaException(id, "is not in the catalogue.");
      }
      try {
        return new SpecificDatumReader<SpecificRecord>(SCHEMAS.get(id - 1)).read(null,
            DecoderFactory.get().binaryDecoder(data, 5, data.length - 5, null));
      } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException e) {
        throw new SerializationException(e);
      }
    }
  }
}
