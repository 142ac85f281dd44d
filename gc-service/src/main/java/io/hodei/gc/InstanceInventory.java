package io.hodei.gc;

import io.hodei.schemas.InventorySnapshot;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one provider instance has shown: its two newest complete snapshots, the pages of those under way, its last failure.
/// Not thread-safe.
final class InstanceInventory {
  private static final int UNDER_WAY = 4;

  private final Map<String, PartialSnapshot> underWay = new LinkedHashMap<>();
  private @Nullable Looks looks;
  private @Nullable InventorySnapshot failure;

  void accept(InventorySnapshot page) {
    if (!page.getComplete()) {
      underWay.remove(page.getSnapshotId());
      failure = page;
      return;
    }
    if (looks != null && looks.newest().id().equals(page.getSnapshotId())) {
      return;
    }
    PartialSnapshot partial = underWay.computeIfAbsent(page.getSnapshotId(), id -> new PartialSnapshot(page));
    Snapshot whole = partial.add(page);
    if (whole != null) {
      underWay.remove(whole.id());
      if (looks == null) {
        looks = new Looks(whole, null);
      } else if (!whole.startedAt().isBefore(looks.newest().startedAt())) {
        looks = looks.then(whole);
      }
    } else if (underWay.size() > UNDER_WAY) {
      underWay.remove(underWay.keySet().iterator().next());
    }
  }

  @Nullable Looks looks() {
    return looks;
  }

  /// A listing begun at `moment` or later has ended, well or not.
  boolean hasAnswered(Instant moment) {
    return looks != null && !looks.newest().startedAt().isBefore(moment) || failureSince(moment) != null;
  }

  /// Why the newest listing begun at `moment` or later failed; null when none did.
  @Nullable String failureSince(Instant moment) {
    return failure == null || failure.getStartedAt().isBefore(moment) ? null
        : "its listing failed: " + (failure.getMessage() == null ? "no reason was given" : failure.getMessage());
  }
}
