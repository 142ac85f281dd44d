package io.hodei.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Reads the JSON lines of a log. A line's text comes without its end, which is put back; `bytes` holds what is not UTF-8.
final class LogReader implements AutoCloseable {
  private static final byte[] NOTHING = {};

  private final JsonParser json;

  LogReader(InputStream in) throws IOException {
    this.json = Json.MAPPER.getFactory().createParser(in);
  }

  /// The next piece; waits for it.
  ///
  /// @throws EOFException when the answer was cut before its end line
  LogPiece next() throws IOException {
    JsonToken token = json.nextToken();
    if (token != JsonToken.START_OBJECT) {
      throw new EOFException("the log was cut before its end");
    }
    int attempt = 1;
    long seq = 0;
    boolean stderr = false;
    boolean partial = false;
    boolean end = false;
    boolean complete = false;
    JsonNode missing = Json.MAPPER.createArrayNode();
    byte @Nullable [] text = null;
    byte @Nullable [] bytes = null;
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      json.nextToken();
      switch (name) {
        case "attempt" -> attempt = json.getIntValue();
        case "seq" -> seq = json.getLongValue();
        case "stream" -> stderr = json.getText().equals("stderr");
        case "partial" -> partial = json.getBooleanValue();
        case "end" -> end = json.getBooleanValue();
        case "complete" -> complete = json.getBooleanValue();
        case "missing" -> missing = json.readValueAsTree();
        case "bytes" -> bytes = json.getBinaryValue();
        case "text" -> text = bytes == null ? json.getText().getBytes(StandardCharsets.UTF_8) : null;
        default -> json.skipChildren();
      }
    }
    if (json.currentToken() != JsonToken.END_OBJECT) {
      throw new EOFException("the log was cut within a line");
    }
    return end ? new LogPiece.End(complete, missing) : new LogPiece.Entry(attempt, seq, stderr, whole(bytes != null ? bytes : text, partial));
  }

  private static byte[] whole(byte @Nullable [] content, boolean partial) {
    byte[] bytes = content == null ? NOTHING : content;
    if (partial) {
      return bytes;
    }
    ByteArrayOutputStream line = new ByteArrayOutputStream(bytes.length + 1);
    line.writeBytes(bytes);
    line.write('\n');
    return line.toByteArray();
  }

  @Override
  public void close() throws IOException {
    json.close();
  }
}
