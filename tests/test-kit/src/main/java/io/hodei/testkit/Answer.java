package io.hodei.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpHeaders;

/// An HTTP answer.
public record Answer(int status, HttpHeaders headers, String body) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  public JsonNode json() {
    try {
      return MAPPER.readTree(body);
    } catch (JsonProcessingException e) {
      throw new AssertionError("Expected JSON, but found " + status + ": " + body, e);
    }
  }

  /// The same, when it has this status.
  public Answer is(int expected) {
    if (status != expected) {
      throw new AssertionError("Expected status " + expected + ", but found " + status + ": " + body);
    }
    return this;
  }

  /// The problem's code.
  public String problem() {
    return json().path("type").asText().replace("urn:hodei:problem:", "");
  }
}
