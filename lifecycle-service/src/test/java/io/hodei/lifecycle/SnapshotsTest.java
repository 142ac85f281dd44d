package io.hodei.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.providers.Inventory;
import io.hodei.providers.WorkerItem;
import io.hodei.schemas.InventorySnapshot;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SnapshotsTest {
  private static List<InventorySnapshot> pagesOf(int items) {
    return Snapshots.pages("process", new Inventory("process-here", Instant.EPOCH, Instant.EPOCH.plusMillis(5),
        IntStream.range(0, items).mapToObj(i -> new WorkerItem("w" + i, null, null, false, "scratch directory")).toList()));
  }

  @Test
  void anEmptyInventoryIsOneCompletePage() {
    List<InventorySnapshot> pages = pagesOf(0);
    assertEquals(1, pages.size());
    assertTrue(pages.getFirst().getComplete());
    assertEquals(1, pages.getFirst().getPages());
  }

  @Test
  void aLargeOneIsPagesOfOneSnapshotThatHoldEveryItemOnce() {
    List<InventorySnapshot> pages = pagesOf(4_001);
    assertEquals(List.of(2_000, 2_000, 1), pages.stream().map(p -> p.getItems().size()).toList());
    assertEquals(List.of(0, 1, 2), pages.stream().map(InventorySnapshot::getPage).toList());
    assertEquals(1, pages.stream().map(InventorySnapshot::getSnapshotId).distinct().count());
    assertEquals(4_001, pages.stream().flatMap(p -> p.getItems().stream()).map(i -> i.getWorkerId()).distinct().count());
  }
}
