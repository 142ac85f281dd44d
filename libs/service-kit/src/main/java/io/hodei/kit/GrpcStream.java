package io.hodei.kit;

import io.helidon.common.buffers.BufferData;
import io.helidon.http.Status;
import io.helidon.http.WritableHeaders;
import io.helidon.http.http2.FlowControl;
import io.helidon.http.http2.Http2Exception;
import io.helidon.http.http2.Http2Flag;
import io.helidon.http.http2.Http2FrameData;
import io.helidon.http.http2.Http2FrameHeader;
import io.helidon.http.http2.Http2FrameTypes;
import io.helidon.http.http2.Http2Headers;
import io.helidon.http.http2.Http2StreamWriter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What one call writes to its HTTP/2 stream. One thread writes and waits until the client has room, for `patience` at most; any
/// thread may cut the stream, which ends that wait. Nothing is kept for a slow client but the message that is being written.
final class GrpcStream {
  private static final int PING_BYTES = 8;

  /// Nobody reads the stream any more.
  static final class Gone extends RuntimeException {
    Gone() {
      super("The client is gone.", null, false, false);
    }
  }

  private final Http2StreamWriter writer;
  private final FlowControl.Outbound window;
  private final int id;
  private final Duration patience;
  private volatile long lastWriteNanos = System.nanoTime();
  private volatile boolean cut;
  private volatile long cutNanos;
  private @Nullable Thread waiting;

  GrpcStream(Http2StreamWriter writer, FlowControl.Outbound window, int id, Duration patience) {
    this.writer = writer;
    this.window = window;
    this.id = id;
    this.patience = patience;
  }

  boolean isCut() {
    return cut;
  }

  /// Since it was cut.
  Duration cutFor() {
    return Duration.ofNanos(System.nanoTime() - cutNanos);
  }

  /// Since something was written.
  Duration quiet() {
    return Duration.ofNanos(System.nanoTime() - lastWriteNanos);
  }

  /// The first or the last headers; those of an answer without messages are both.
  void headers(WritableHeaders<?> headers, boolean first, boolean last) {
    Http2Headers sent = Http2Headers.create(headers);
    if (first) {
      sent.status(Status.OK_200);
    }
    int flags = Http2Flag.END_OF_HEADERS | (last ? Http2Flag.END_OF_STREAM : 0);
    write(() -> writer.writeHeaders(sent, id, Http2Flag.HeaderFlags.create(flags), window));
  }

  /// @throws Gone when nobody reads any more
  /// @throws Problem.Raised when the client has taken nothing for too long
  void data(byte[] bytes) {
    int sent = 0;
    long stalled = System.nanoTime();
    while (sent < bytes.length) {
      int size = reserve(bytes.length - sent);
      if (size > 0) {
        Http2FrameHeader header = Http2FrameHeader.create(size, Http2FrameTypes.DATA, Http2Flag.DataFlags.create(0), id);
        Http2FrameData frame = new Http2FrameData(header, BufferData.create(bytes, sent, size));
        write(() -> writer.write(frame));
        sent += size;
        stalled = System.nanoTime();
      } else {
        awaitRoom();
        if (System.nanoTime() - stalled > patience.toNanos()) {
          throw new Problem(429, "reader-too-slow", "Expected the client to read, but it has taken nothing for " + patience.toMillis()
              + " ms; call again when it can.").raise();
        }
      }
    }
  }

  /// Takes room from the window before writing: Helidon does it afterwards, and calls of one connection then overdraw what they share.
  private int reserve(int wanted) {
    synchronized (writer) {
      int size = Math.min(Math.min(wanted, window.maxFrameSize()), window.getRemainingWindowSize());
      if (size > 0) {
        window.decrementWindowSize(size);
      }
      return size;
    }
  }

  private void awaitRoom() {
    synchronized (this) {
      if (cut) {
        throw new Gone();
      }
      waiting = Thread.currentThread();
    }
    try {
      window.blockTillUpdate();
    } catch (Http2Exception e) {
      // Its own patience is over, or the stream was cut; ours is counted by the caller.
    } finally {
      synchronized (this) {
        waiting = null;
        if (cut) {
          // Whoever cut the stream may have interrupted this wait, and nothing else.
          Thread.interrupted();
        }
      }
    }
    if (cut) {
      throw new Gone();
    }
  }

  private void write(Runnable frame) {
    if (cut) {
      throw new Gone();
    }
    try {
      frame.run();
      lastWriteNanos = System.nanoTime();
    } catch (RuntimeException e) {
      cut();
      throw new Gone();
    }
  }

  /// Nobody reads any more; ends a wait for room.
  void cut() {
    synchronized (this) {
      if (!cut) {
        cutNanos = System.nanoTime();
        cut = true;
      }
      if (waiting != null) {
        waiting.interrupt();
      }
    }
  }

  /// Asks the connection for a sign of life; cuts the stream when nothing can be written. May block, as long as the client does not read.
  void ping() {
    Http2FrameHeader header = Http2FrameHeader.create(PING_BYTES, Http2FrameTypes.PING, Http2Flag.PingFlags.create(0), 0);
    try {
      write(() -> writer.write(new Http2FrameData(header, BufferData.create(new byte[PING_BYTES]))));
    } catch (Gone e) {
      // It is cut now.
    }
  }
}
