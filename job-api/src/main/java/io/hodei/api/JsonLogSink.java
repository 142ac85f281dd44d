package io.hodei.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.hodei.schemas.LogEntry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/// One JSON object per line, or per server-sent event. `text` is without the line's end; `partial` marks a piece that does not
/// end a line; `bytes` (base64) holds what is not valid UTF-8 exactly.
final class JsonLogSink implements LogSink {
  private static final JsonFactory FACTORY = JsonFactory.builder().disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM).build();

  private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

  private final CharsetDecoder strict = StandardCharsets.UTF_8.newDecoder();
  private final JsonGenerator json;
  private final OutputStream out;
  private final boolean events;
  private final String before;
  private final String after;
  private long lastNanos = System.nanoTime();

  JsonLogSink(OutputStream out, boolean events) throws IOException {
    this.out = out;
    this.json = FACTORY.createGenerator(out);
    json.setRootValueSeparator(null);
    this.events = events;
    this.before = events ? "data: " : "";
    this.after = events ? "\n\n" : "\n";
  }

  @Override
  public void entry(int attempt, LogEntry entry) throws IOException {
    LineText line = LineText.of(entry, strict);
    ByteBuffer bytes = line.bytes();
    json.writeRaw(before);
    json.writeStartObject();
    json.writeNumberField("seq", entry.getSeq());
    json.writeNumberField("attempt", attempt);
    json.writeStringField("at", Rfc3339.text(entry.getAt()));
    json.writeStringField("stream", entry.getStream());
    json.writeStringField("text", line.text());
    if (bytes != null) {
      json.writeFieldName("bytes");
      json.writeBinary(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    }
    if (entry.getPartial()) {
      json.writeBooleanField("partial", true);
    }
    json.writeEndObject();
    json.writeRaw(after);
  }

  @Override
  public void end(LogSummary summary) throws IOException {
    json.writeRaw(before);
    json.writeStartObject();
    json.writeBooleanField("end", true);
    json.writeNumberField("lines", summary.lines());
    json.writeBooleanField("complete", summary.complete());
    json.writeArrayFieldStart("missing");
    for (List<Long> gap : summary.missing()) {
      json.writeArray(new long[] {gap.getFirst(), gap.getLast()}, 0, 2);
    }
    json.writeEndArray();
    if (summary.nextFrom() != null && summary.nextAttempt() != null) {
      json.writeNumberField("nextAttempt", summary.nextAttempt());
      json.writeNumberField("nextFrom", summary.nextFrom());
    }
    json.writeEndObject();
    json.writeRaw(after);
  }

  @Override
  public void flush() throws IOException {
    json.flush();
    out.flush();
    lastNanos = System.nanoTime();
  }

  @Override
  public void quiet() throws IOException {
    if (System.nanoTime() - lastNanos > KEEP_ALIVE.toNanos()) {
      alive();
    }
  }

  /// Writes what a reader skips: a comment between events, a space before a JSON line. It sends the answer's headers, keeps
  /// the connection from looking dead, and finds out whether the reader is still there.
  void alive() throws IOException {
    json.writeRaw(events ? ": hodei\n\n" : " ");
    flush();
  }
}
