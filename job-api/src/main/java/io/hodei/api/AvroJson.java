package io.hodei.api;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/// A flat Avro record as plain data with the record's own names, times in RFC 3339.
final class AvroJson {
  private AvroJson() {}

  static Map<String, @Nullable Object> of(SpecificRecord avro) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    for (Schema.Field field : avro.getSchema().getFields()) {
      fields.put(field.name(), plain(avro.get(field.pos())));
    }
    return fields;
  }

  private static @Nullable Object plain(@Nullable Object value) {
    return switch (value) {
      case Instant instant -> Rfc3339.text(instant);
      case SpecificRecord nested -> of(nested);
      case ByteBuffer bytes -> Base64.getEncoder().encodeToString(bytes.array());
      case null, default -> value;
    };
  }
}
