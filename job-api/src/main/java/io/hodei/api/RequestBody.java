package io.hodei.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.hodei.kit.Json;
import io.hodei.kit.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/// The body of a call as plain data: bounded, `application/json`, strict JSON.
final class RequestBody {
  static final int MAX_BYTES = 8 * 1024 * 1024;

  private static final int MAX_SHOWN = 40;
  private static final long MAX_DRAINED = 64L * 1024 * 1024;

  private RequestBody() {}

  /// The parsed body; null when it is empty and of no other type.
  static @org.jspecify.annotations.Nullable Object read(ServerRequest request) throws IOException {
    String type = request.headers().first(HeaderNames.CONTENT_TYPE).orElse("");
    byte[] bytes = bytes(request);
    String plain = type.split(";")[0].trim();
    if (bytes.length == 0 && (plain.isEmpty() || plain.equalsIgnoreCase("application/json"))) {
      return null;
    }
    if (!plain.equalsIgnoreCase("application/json")) {
      throw new Problem(415, "unsupported-type", "Expected the Content-Type application/json, but found \"" + type
          + "\"; set it and send JSON.").raise();
    }
    return parse(bytes);
  }

  /// The fields of a body that must be an object, or may be left out.
  static Map<String, Object> object(ServerRequest request) throws IOException {
    Object body = read(request);
    if (body == null) {
      return Map.of();
    }
    return fields(body);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> fields(Object body) {
    if (body instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw new Problem(422, "invalid", "Expected a JSON object, but found " + shown(body) + ".").raise();
  }

  /// The fields of a body that must be there.
  static Map<String, Object> required(ServerRequest request) throws IOException {
    if (request.headers().first(HeaderNames.CONTENT_TYPE).isEmpty()) {
      throw new Problem(415, "unsupported-type", "Expected the Content-Type application/json, but found none; set it and send JSON.").raise();
    }
    Object body = read(request);
    if (body == null) {
      throw new Problem(422, "invalid", "Expected a JSON object, but the body is empty.").raise();
    }
    return fields(body);
  }

  /// A JSON value in a few words: what kind it is, and its beginning.
  static String shown(@org.jspecify.annotations.Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case Map<?, ?> map -> "an object";
      case List<?> list -> "an array";
      case String text -> "the text " + Json.text(text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…");
      case Number number -> "the number " + cut(number.toString());
      default -> value.toString();
    };
  }

  private static String cut(String number) {
    return number.length() <= MAX_SHOWN ? number : number.substring(0, MAX_SHOWN) + "…";
  }

  /// @throws Problem.Raised 400 with line and column when it is not JSON
  static Object parse(byte[] bytes) throws IOException {
    try {
      Object parsed = Json.MAPPER.readValue(bytes, Object.class);
      if (parsed == null) {
        throw new Problem(422, "invalid", "Expected a JSON object or array, but found null.").raise();
      }
      return parsed;
    } catch (JsonProcessingException e) {
      var place = e.getLocation();
      String where = place == null ? "" : " at line " + place.getLineNr() + ", column " + place.getColumnNr();
      throw new Problem(400, "bad-json", "Expected JSON, but" + where + ": " + e.getOriginalMessage() + ".").raise();
    } catch (java.io.CharConversionException e) {
      throw new Problem(400, "bad-json", "Expected JSON in UTF-8, but: " + e.getMessage() + ".").raise();
    }
  }

  private static byte[] bytes(ServerRequest request) throws IOException {
    if (!request.content().hasEntity()) {
      return new byte[0];
    }
    // Not closed: that would first read a broken body to its end, which may never come.
    InputStream in = request.content().inputStream();
    byte[] bytes;
    try {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (NumberFormatException e) {
      // Helidon's own reading of a chunk's size.
      throw RequestException.builder().type(DirectHandler.EventType.BAD_REQUEST).status(Status.BAD_REQUEST_400)
          .message("Expected the size of a chunk in hexadecimal digits, but found something else.").safeMessage(true).cause(e).build();
    }
    if (bytes.length <= MAX_BYTES) {
      return bytes;
    }
    drain(in);
    throw new Problem(413, "too-large", "Expected a body of at most 8 MiB (" + MAX_BYTES
        + " bytes), but found more; send the jobs in several calls.").raise();
  }

  /// Reads on for a while, so that the client finishes sending and sees the answer.
  private static void drain(InputStream in) throws IOException {
    byte[] waste = new byte[64 * 1024];
    long drained = 0;
    int count = in.read(waste);
    while (count >= 0 && drained < MAX_DRAINED) {
      drained += count;
      count = in.read(waste);
    }
  }
}
