package io.hodei.providers;

import java.time.Instant;
import java.util.List;

/// Everything of this installation on one provider instance, listed between `startedAt` and `endedAt`.
public record Inventory(String providerId, Instant startedAt, Instant endedAt, List<WorkerItem> items) {
  public Inventory {
    items = List.copyOf(items);
  }
}
