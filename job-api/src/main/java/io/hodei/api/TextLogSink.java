package io.hodei.api;

import io.hodei.schemas.LogEntry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/// The bytes as the job wrote them, and nothing else.
final class TextLogSink implements LogSink {
  private final OutputStream out;

  TextLogSink(OutputStream out) {
    this.out = out;
  }

  @Override
  public void entry(int attempt, LogEntry entry) throws IOException {
    ByteBuffer data = entry.getData();
    out.write(data.array(), data.arrayOffset() + data.position(), data.remaining());
  }

  @Override
  public void end(LogSummary summary) {
    // The end of the body is the end of the log.
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }
}
