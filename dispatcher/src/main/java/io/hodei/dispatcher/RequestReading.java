package io.hodei.dispatcher;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.hodei.domain.Reading;
import io.hodei.domain.RequestReader;
import io.hodei.domain.Violation;
import io.hodei.kit.Codec;
import io.hodei.kit.Json;
import io.hodei.schemas.JobRequest;
import io.hodei.schemas.RequestFields;
import io.hodei.schemas.Topic;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/// The value of a record of `hodei.job-requests`, framed Avro or a JSON object, as a request with what is wrong with it.
final class RequestReading {
  /// Largest request in bytes.
  static final int LIMIT = 256 * 1024;

  private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};

  private final Codec codec;

  RequestReading(Codec codec) {
    this.codec = codec;
  }

  /// @throws UnreadableException when it is neither framed Avro of a known schema nor a JSON object
  Reading read(byte @Nullable [] value) {
    if (value == null || value.length == 0) {
      throw new UnreadableException("Expected a request, but the value is empty.");
    }
    // Framed Avro is what job-api writes, also for a retry; a JSON object was written by hand.
    Reading reading = value[0] == 0 ? RequestReader.read(ofAvro(value)) : RequestReader.readWritten(ofJson(value));
    if (value.length > LIMIT) {
      return new Reading(reading.spec(), List.of(new Violation("request", "out-of-range",
          "Expected at most " + LIMIT + " bytes, but found " + value.length + "; give large input by reference.")));
    }
    return reading;
  }

  private Map<String, Object> ofAvro(byte[] value) {
    try {
      Map<String, Object> fields = new LinkedHashMap<>(RequestFields.of(codec.value(Topic.JOB_REQUESTS, value, JobRequest.class)));
      if (fields.get("providerConfig") instanceof String text) {
        fields.put("providerConfig", providerConfig(text));
      }
      return fields;
    } catch (SerializationException e) {
      throw new UnreadableException(String.valueOf(e.getMessage()), e);
    }
  }

  /// What is no JSON stays the text that it is, which the reader refuses.
  private static Object providerConfig(String text) {
    try {
      return Json.MAPPER.readValue(text, Object.class);
    } catch (JsonProcessingException e) {
      return text;
    }
  }

  private static Map<String, Object> ofJson(byte[] value) {
    try {
      Map<String, Object> fields = Json.MAPPER.readValue(value, FIELDS);
      if (fields == null) {
        throw new UnreadableException("Expected a JSON object, but found null.");
      }
      return fields;
    } catch (IOException e) {
      throw new UnreadableException("Expected framed Avro or a JSON object, but: " + firstLine(e), e);
    }
  }

  private static String firstLine(IOException e) {
    String text = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
    return text == null ? e.toString() : text.lines().findFirst().orElse("");
  }
}
