package io.hodei.gc;

import io.hodei.schemas.InventoryItem;
import io.hodei.schemas.InventorySnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The pages of one snapshot that have arrived so far. A page that arrives twice counts once.
final class PartialSnapshot {
  private final InventorySnapshot first;
  private final TreeMap<Integer, List<InventoryItem>> pages = new TreeMap<>();

  PartialSnapshot(InventorySnapshot first) {
    this.first = first;
  }

  /// Adds a page; the whole snapshot when it was the last that was missing.
  ///
  /// @throws IllegalArgumentException when the page belongs to another listing
  @Nullable Snapshot add(InventorySnapshot page) {
    if (page.getPages() != first.getPages() || !page.getStartedAt().equals(first.getStartedAt())) {
      throw new IllegalArgumentException("Expected page " + page.getPage() + " of snapshot " + first.getSnapshotId()
          + " to agree with its first page, but it has " + page.getPages() + " pages and began at " + page.getStartedAt() + ".");
    }
    pages.put(page.getPage(), page.getItems());
    if (pages.size() < first.getPages()) {
      return null;
    }
    List<InventoryItem> items = new ArrayList<>();
    pages.values().forEach(items::addAll);
    return Snapshot.of(first.getSnapshotId(), first.getProvider(), first.getProviderId(), first.getStartedAt(), first.getEndedAt(), items);
  }
}
