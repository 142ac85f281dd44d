package io.hodei.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineCutterTest {
  private final List<String> entries = new ArrayList<>();
  private final LineCutter.Sink sink = (array, from, length, partial) ->
      entries.add(new String(array, from, length, StandardCharsets.ISO_8859_1) + (partial ? "…" : ""));

  private void read(LineCutter cutter, String text, long nanos) {
    var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, cutter.room(), cutter.end(), bytes.length);
    cutter.read(bytes.length, nanos, sink);
  }

  @Test
  void linesKeepTheirNewlineAndTheRestWaits() {
    var cutter = new LineCutter(100);

    read(cutter, "a\n\nbc", 1);
    assertEquals(List.of("a\n", "\n"), entries);
    assertTrue(cutter.unfinished());

    read(cutter, "d\n", 2);
    assertEquals("bcd\n", entries.getLast());
    assertFalse(cutter.unfinished());
  }

  @Test
  void aLongLineIsCutIntoChunks() {
    var cutter = new LineCutter(4);

    read(cutter, "123456789\n1234\n", 1);
    assertEquals(List.of("1234…", "5678…", "9\n", "1234…", "\n"), entries);
  }

  @Test
  void anUnfinishedLineIsDueAfterQuietOrAge() {
    var cutter = new LineCutter(100);
    read(cutter, "x\na", 10);
    read(cutter, "b", 40);

    assertEquals(60, cutter.dueNanos(50, 50));
    assertEquals(50 + 40, cutter.dueNanos(50, 1_000));

    cutter.flush(sink);
    assertEquals("ab…", entries.getLast());
    assertFalse(cutter.unfinished());
  }

  @Test
  void whatIsGivenAwayIsNeverWrittenAgain() {
    var random = new Random(1);
    var cutter = new LineCutter(50_000);
    var all = new ByteArrayOutputStream();
    record Kept(byte[] array, int from, byte[] copy) {}
    var kept = new ArrayList<Kept>();
    LineCutter.Sink keep = (array, from, length, partial) -> {
      var copy = new byte[length];
      System.arraycopy(array, from, copy, 0, length);
      kept.add(new Kept(array, from, copy));
    };
    for (int i = 0; i < 2_000; i++) {
      var bytes = new byte[random.nextInt(1, 20_000)];
      random.nextBytes(bytes);
      var room = cutter.room();
      System.arraycopy(bytes, 0, room, cutter.end(), bytes.length);
      cutter.read(bytes.length, i, keep);
      all.writeBytes(bytes);
      if (random.nextInt(10) == 0) {
        cutter.flush(keep);
      }
    }
    cutter.flush(keep);

    var joined = new ByteArrayOutputStream();
    for (var entry : kept) {
      joined.write(entry.array(), entry.from(), entry.copy().length);
    }
    assertArrayEquals(all.toByteArray(), joined.toByteArray());
  }
}
