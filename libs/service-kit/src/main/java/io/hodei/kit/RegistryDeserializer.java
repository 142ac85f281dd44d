package io.hodei.kit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/// Reads Avro in the Confluent wire format into our generated classes, whatever version wrote it.
/// Configured by `schema.registry.url`. Thread-safe.
public final class RegistryDeserializer implements Deserializer<Object> {
  private final Map<Integer, SpecificDatumReader<SpecificRecord>> readers = new ConcurrentHashMap<>();
  private SchemaIds ids = new SchemaIds("http://127.0.0.1:8081/apis/ccompat/v7");

  static {
    AvroTrust.extend();
  }

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    ids = SchemaIds.of(String.valueOf(configs.get("schema.registry.url")));
  }

  @Override
  public @Nullable Object deserialize(String topic, byte @Nullable [] data) {
    if (data == null) {
      return null;
    }
    if (data.length < 5 || data[0] != 0) {
      throw new SerializationException("Expected framed Avro on " + topic + " (a zero byte and a schema id), but found "
          + data.length + " bytes of something else.");
    }
    int id = ByteBuffer.wrap(data, 1, 4).getInt();
    try {
      SpecificDatumReader<SpecificRecord> reader = readers.get(id);
      if (reader == null) {
        reader = readerOf(ids.schemaOf(id));
        readers.put(id, reader);
      }
      BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(data, 5, data.length - 5, null);
      SpecificRecord record = reader.read(null, decoder);
      if (!decoder.isEnd()) {
        throw new SerializationException("Expected one record of schema " + id + " on " + topic + ", but bytes are left over.");
      }
      return record;
    } catch (SerializationException | UnknownSchemaException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // Foreign bytes make Avro throw whatever it meets: an unsupported length, a bad cast.
      throw new SerializationException("Expected a record of schema " + id + " on " + topic + ", but: " + e, e);
    }
  }

  private static SpecificDatumReader<SpecificRecord> readerOf(Schema writer) {
    Class<?> type = SpecificData.get().getClass(writer);
    if (type == null || !SpecificRecord.class.isAssignableFrom(type)) {
      throw new SerializationException("Expected a record of Hodei, but found " + writer.getFullName());
    }
    Schema ours = SpecificData.get().getSchema(type);
    return new SpecificDatumReader<>(writer, ours);
  }
}
