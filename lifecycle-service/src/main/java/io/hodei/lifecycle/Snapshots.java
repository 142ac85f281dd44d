package io.hodei.lifecycle;

import io.hodei.kit.Codec;
import io.hodei.kit.Uuid7;
import io.hodei.providers.Inventory;
import io.hodei.providers.ProviderException;
import io.hodei.providers.WorkerItem;
import io.hodei.providers.WorkerProvider;
import io.hodei.schemas.InventoryItem;
import io.hodei.schemas.InventorySnapshot;
import io.hodei.schemas.Topic;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything the provider has, on worker-inventory: one snapshot in pages of at most 2,000 items, or the word that the
/// listing failed. Runs on the loop's thread.
public final class Snapshots {
  static final int ITEMS_PER_PAGE = 2_000;

  private final WorkerProvider provider;
  private final Outbox outbox;
  private final Codec codec;

  Snapshots(WorkerProvider provider, Outbox outbox, Codec codec) {
    this.provider = provider;
    this.outbox = outbox;
    this.codec = codec;
  }

  void take() throws InterruptedException {
    Instant startedAt = Instant.now();
    try {
      for (InventorySnapshot page : pages(provider.type(), provider.inventory())) {
        send(page);
      }
    } catch (ProviderException e) {
      send(failed(provider.type(), provider.providerId(), startedAt, Instant.now(), String.valueOf(e.getMessage())));
    }
  }

  /// A snapshot's pages: at least one, all with the same id.
  public static List<InventorySnapshot> pages(String type, Inventory inventory) {
    List<WorkerItem> items = inventory.items();
    int count = Math.max(1, Math.ceilDiv(items.size(), ITEMS_PER_PAGE));
    String id = Uuid7.next();
    List<InventorySnapshot> pages = new ArrayList<>(count);
    for (int number = 0; number < count; number++) {
      int from = number * ITEMS_PER_PAGE;
      int to = Math.min(items.size(), from + ITEMS_PER_PAGE);
      pages.add(page(type, inventory.providerId(), inventory.startedAt(), inventory.endedAt())
          .setSnapshotId(id)
          .setComplete(true)
          .setPage(number)
          .setPages(count)
          .setItems(items.subList(from, to).stream().map(Snapshots::item).toList())
          .build());
    }
    return pages;
  }

  /// The word that a listing failed.
  public static InventorySnapshot failed(String type, String providerId, Instant startedAt, Instant endedAt, String why) {
    return page(type, providerId, startedAt, endedAt).setComplete(false).setMessage(why).build();
  }

  private void send(InventorySnapshot page) throws InterruptedException {
    outbox.deliver(codec.record(Topic.WORKER_INVENTORY, provider.providerId(), page));
  }

  private static InventorySnapshot.Builder page(String type, String providerId, Instant startedAt, Instant endedAt) {
    return InventorySnapshot.newBuilder()
        .setSnapshotId(Uuid7.next())
        .setProvider(type)
        .setProviderId(providerId)
        .setStartedAt(startedAt.truncatedTo(ChronoUnit.MILLIS))
        .setEndedAt(endedAt.truncatedTo(ChronoUnit.MILLIS));
  }

  private static InventoryItem item(WorkerItem item) {
    return InventoryItem.newBuilder()
        .setWorkerId(item.workerId())
        .setProviderRef(item.providerRef())
        .setCreatedAt(millis(item.createdAt()))
        .setAgentAlive(item.agentAlive())
        .setDetail(item.detail())
        .build();
  }

  private static @Nullable Instant millis(@Nullable Instant instant) {
    return instant == null ? null : instant.truncatedTo(ChronoUnit.MILLIS);
  }
}
