package io.hodei.api;

import io.hodei.domain.Reading;
import io.hodei.domain.RequestReader;
import io.hodei.kit.Codec;
import io.hodei.kit.Json;
import io.hodei.kit.UnknownSchemaException;
import io.hodei.schemas.JobRequest;
import io.hodei.schemas.Topic;
import java.io.IOException;
import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/// Reads the values of `hodei.job-requests`: framed Avro, or a JSON object.
final class RequestDecoder {
  /// Largest value that the dispatcher reads.
  static final int MAX_BYTES = 256 * 1024;

  private final Codec codec;

  RequestDecoder(Codec codec) {
    this.codec = codec;
  }

  /// The request in `bytes`; null when they hold none.
  @Nullable Reading read(byte @Nullable [] bytes) {
    if (bytes == null || bytes.length == 0 || bytes.length > MAX_BYTES) {
      return null;
    }
    try {
      return bytes[0] == 0
          ? RequestReader.read(RequestAvro.fields(codec.value(Topic.JOB_REQUESTS, bytes, JobRequest.class)))
          : RequestReader.read(json(bytes));
    } catch (IOException | SerializationException | UnknownSchemaException e) {
      return null;
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, ?> json(byte[] bytes) throws IOException {
    Map<String, ?> fields = Json.MAPPER.readValue(bytes, Map.class);
    if (fields == null) {
      throw new IOException("Expected a JSON object, but found null.");
    }
    return fields;
  }
}
