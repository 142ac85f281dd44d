package io.hodei.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.helidon.common.buffers.BufferData;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class GrpcFramesTest {
  private static byte[] frame(int first, byte[] body) {
    byte[] framed = new byte[5 + body.length];
    framed[0] = (byte) first;
    framed[2] = (byte) (body.length >> 16);
    framed[3] = (byte) (body.length >> 8);
    framed[4] = (byte) body.length;
    System.arraycopy(body, 0, framed, 5, body.length);
    return framed;
  }

  private static byte[] packed(byte[] body) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(body);
    }
    return out.toByteArray();
  }

  @Test
  void messagesAreTheSameWhereverTheBytesAreCut() throws Exception {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(frame(0, "one".getBytes(StandardCharsets.UTF_8)));
    all.write(frame(0, new byte[0]));
    all.write(frame(1, packed("x".repeat(10_000).getBytes(StandardCharsets.UTF_8))));
    for (int step = 1; step <= all.size(); step++) {
      GrpcFrames frames = new GrpcFrames(20_000, true);
      List<Integer> lengths = new ArrayList<>();
      for (int at = 0; at < all.size(); at += step) {
        frames.add(BufferData.create(Arrays.copyOfRange(all.toByteArray(), at, Math.min(all.size(), at + step))), message -> lengths.add(message.length));
      }
      assertEquals(List.of(3, 0, 10_000), lengths, "cut every " + step);
      assertFalse(frames.isInside());
    }
  }

  @Test
  void whatIsTooLongIsRefusedBeforeItIsRead() throws Exception {
    GrpcFrames frames = new GrpcFrames(1000, true);
    assertEquals("too-large", refusal(frames, new byte[] {0, -1, -1, -1, -1}));
    assertEquals("too-large", refusal(new GrpcFrames(1000, true), frame(1, packed(new byte[1001]))));
    assertEquals("bad-message", refusal(new GrpcFrames(1000, false), frame(1, packed(new byte[10]))));
    assertEquals("bad-message", refusal(new GrpcFrames(1000, true), frame(1, new byte[10])));
    assertEquals("bad-message", refusal(new GrpcFrames(1000, true), frame(7, new byte[10])));
    GrpcFrames open = new GrpcFrames(1000, true);
    open.add(BufferData.create(new byte[] {0, 0}), message -> {});
    assertTrue(open.isInside());
  }

  private static String refusal(GrpcFrames frames, byte[] bytes) {
    return assertThrows(Problem.Raised.class, () -> frames.add(BufferData.create(bytes), message -> {})).problem().code();
  }

  @Test
  void messagesOfErrorsTravelInHeaders() {
    assertEquals("100%25 \"caf%C3%A9\"%0A", GrpcAnswer.escaped("100% \"café\"\n"));
  }

  @Test
  void everyProblemHasItsCode() {
    assertEquals("[INVALID_ARGUMENT, PERMISSION_DENIED, NOT_FOUND, FAILED_PRECONDITION, RESOURCE_EXHAUSTED, RESOURCE_EXHAUSTED, INTERNAL, UNIMPLEMENTED, UNAVAILABLE]",
        List.of(422, 403, 404, 409, 413, 429, 500, 501, 503).stream().map(status -> GrpcProblem.code(new Problem(status, "x", "y"))).toList().toString());
  }
}
