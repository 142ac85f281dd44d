package io.hodei.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// JSON in and out; one mapper.
final class Json {
  static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A JSON tree could not be written", e);
    }
  }

  /// The tree in `bytes`.
  ///
  /// @throws Failure when it is not JSON, naming `source`
  static JsonNode tree(byte[] bytes, String source) {
    try {
      return MAPPER.readTree(bytes);
    } catch (IOException e) {
      throw Failure.failed("Expected JSON from " + source + ", but it is not: " + firstLine(e.getMessage())
          + "; see that the address is that of a Hodei.");
    }
  }

  /// The text of a field; null when it is absent or null.
  static @Nullable String text(JsonNode node, String field) {
    JsonNode found = node.path(field);
    return found.isNull() || found.isMissingNode() ? null : found.isValueNode() ? found.asText() : found.toString();
  }

  static String firstLine(@Nullable String text) {
    return text == null ? "no reason given" : text.lines().findFirst().orElse("");
  }
}
