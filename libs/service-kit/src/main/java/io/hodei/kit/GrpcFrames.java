package io.hodei.kit;

import io.helidon.common.buffers.BufferData;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/// Cuts the bytes of one call into gRPC's messages. Memory grows with what has come, never with what a client announces, and a
/// message that is too long, packed or unpacked, is a problem before it is read. Used by one thread.
final class GrpcFrames {
  private static final int HEAD = 5;
  private static final int FIRST_BUFFER = 4096;

  /// Takes the bytes of one message.
  interface Messages {
    void take(byte[] message);
  }

  private final int longest;
  private final boolean gzip;
  private final byte[] head = new byte[HEAD];
  private int headLength;
  private byte[] body = new byte[0];
  private int length;
  private int filled;

  /// `gzip`: the call says that its messages may be packed.
  GrpcFrames(int longest, boolean gzip) {
    this.longest = longest;
    this.gzip = gzip;
  }

  /// Whether a message has begun and not ended.
  boolean isInside() {
    return headLength > 0;
  }

  /// @throws Problem.Raised for bytes that are no message, or a message that is too long
  void add(BufferData bytes, Messages messages) {
    while (bytes.available() > 0) {
      if (headLength < HEAD) {
        headLength += bytes.read(head, headLength, Math.min(HEAD - headLength, bytes.available()));
        if (headLength == HEAD) {
          begin();
        }
      }
      if (headLength == HEAD) {
        fill(bytes);
        if (filled == length) {
          byte[] message = head[0] == 0 ? body : unpacked(body);
          headLength = 0;
          body = new byte[0];
          messages.take(message);
        }
      }
    }
  }

  private void begin() {
    long announced = (head[1] & 0xFFL) << 24 | (head[2] & 0xFF) << 16 | (head[3] & 0xFF) << 8 | head[4] & 0xFF;
    if (head[0] != 0 && (head[0] != 1 || !gzip)) {
      throw bad("Expected a message that is not packed, or by gzip as grpc-encoding says, but its first byte is " + head[0] + ".");
    }
    if (announced > longest) {
      throw tooLarge(announced + " bytes");
    }
    length = (int) announced;
    filled = 0;
    body = new byte[Math.min(length, FIRST_BUFFER)];
  }

  private void fill(BufferData bytes) {
    int more = Math.min(length - filled, bytes.available());
    if (filled + more > body.length) {
      body = Arrays.copyOf(body, (int) Math.min(length, Math.max(filled + more, 2L * body.length)));
    }
    while (more > 0) {
      int read = bytes.read(body, filled, more);
      filled += read;
      more -= read;
    }
  }

  private byte[] unpacked(byte[] packed) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      byte[] bytes = in.readNBytes(longest + 1);
      if (bytes.length > longest) {
        throw tooLarge("more, unpacked");
      }
      return bytes;
    } catch (IOException e) {
      throw bad("Expected a message packed by gzip, but it cannot be unpacked: " + e.getMessage() + ".");
    }
  }

  static Problem.Raised bad(String detail) {
    return new Problem(400, "bad-message", detail).raise();
  }

  private Problem.Raised tooLarge(String found) {
    return new Problem(413, "too-large", "Expected a message of at most " + longest + " bytes, but found " + found + "; send less.").raise();
  }
}
