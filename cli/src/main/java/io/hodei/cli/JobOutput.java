package io.hodei.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/// Where a job's output goes. What is written is held back until [#flush], but never across a change of stream, so that the
/// order stays when both lead to the same place. Used by one thread.
final class JobOutput {
  private static final int BUFFER = 64 * 1024;

  /// Nobody reads what we write.
  static final class Closed extends IOException {
    private static final long serialVersionUID = 1L;

    Closed(IOException cause) {
      super("Broken pipe", cause);
    }
  }

  private final OutputStream out;
  private final OutputStream err;
  private OutputStream last;
  private boolean atLineStart = true;
  private volatile boolean begun;

  JobOutput(OutputStream out, OutputStream err) {
    this.out = new BufferedOutputStream(out, BUFFER);
    this.err = out == err ? this.out : new BufferedOutputStream(err, BUFFER);
    this.last = this.out;
  }

  void write(LogPiece.Entry entry) throws Closed {
    OutputStream to = entry.stderr() ? err : out;
    begun = true;
    if (to != last) {
      flush();
      last = to;
    }
    byte[] bytes = entry.bytes();
    try {
      to.write(bytes);
    } catch (IOException e) {
      throw new Closed(e);
    }
    atLineStart = bytes.length == 0 ? atLineStart : bytes[bytes.length - 1] == '\n';
  }

  void flush() throws Closed {
    try {
      last.flush();
    } catch (IOException e) {
      throw new Closed(e);
    }
  }

  /// Whether anything of the job has been written; any thread.
  boolean hasBegun() {
    return begun;
  }

  boolean isAtLineStart() {
    return atLineStart;
  }
}
