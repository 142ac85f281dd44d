package io.hodei.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Lets go of what was written before it waits for more: nothing lies in a buffer while the job is silent.
final class FlushBeforeRead extends FilterInputStream {
  private final JobOutput output;

  FlushBeforeRead(InputStream in, JobOutput output) {
    super(in);
    this.output = output;
  }

  @Override
  public int read() throws IOException {
    flushIfDry();
    return super.read();
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    flushIfDry();
    return super.read(buffer, offset, length);
  }

  private void flushIfDry() throws IOException {
    if (available() == 0) {
      output.flush();
    }
  }
}
