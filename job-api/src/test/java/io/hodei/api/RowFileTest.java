package io.hodei.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowFileTest {
  @Test
  void givesBackWhatIsForgottenAndLeavesNoName(@TempDir Path directory) throws IOException {
    Random random = new Random(1);
    List<byte[]> bodies = new ArrayList<>();
    List<Long> places = new ArrayList<>();
    try (RowFile file = new RowFile(directory, 10_000)) {
      for (int length : new int[] {0, 1, 2043, 2044, 2045, 9_996, 20_000, 5}) {
        byte[] body = new byte[length];
        random.nextBytes(body);
        bodies.add(body);
        places.add(file.append(body));
      }
      for (int i = 0; i < bodies.size(); i++) {
        assertArrayEquals(bodies.get(i), file.read(places.get(i)));
      }
      try (var names = Files.list(directory)) {
        assertEquals(0, names.count());
      }
      assertEquals(4, file.segments());
      places.forEach(file::forget);
      assertEquals(1, file.segments(), "the one that is written to");
      assertNull(file.read(places.getFirst()));
    }
  }

  @Test
  void aRowThatTheDiskDoesNotTakeStaysInMemory(@TempDir Path directory) throws IOException {
    Path taken = Files.createFile(directory.resolve("file"));
    try (JobView view = new JobView(Given.codec(), new RowFile(taken, 10_000), Duration.ofDays(7))) {
      view.decided(Given.job("a", "SUCCEEDED").setFinishedAt(Given.NOON).build());
      assertEquals("SUCCEEDED", view.get("a").getState());
      assertTrue(view.trouble().contains("rows of the views"), view.trouble());

      view.sweep(Given.NOON.plus(Duration.ofDays(7)));
      assertNull(view.get("a"));
    }
  }

  @Test
  void anInterruptedReaderHarmsNobody(@TempDir Path directory) {
    try (RowFile file = new RowFile(directory, 10_000)) {
      long place = file.append(new byte[] {7});
      Thread.currentThread().interrupt();
      assertArrayEquals(new byte[] {7}, file.read(place));
      assertEquals(true, Thread.interrupted());
      assertArrayEquals(new byte[] {7}, file.read(place));
    }
  }
}
