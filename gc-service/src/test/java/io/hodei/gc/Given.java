package io.hodei.gc;

import io.hodei.kit.Codec;
import io.hodei.kit.Settings;
import io.hodei.schemas.InventoryItem;
import io.hodei.schemas.InventorySnapshot;
import io.hodei.schemas.Topic;
import io.hodei.schemas.Worker;
import io.hodei.testkit.PlainAvro;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// What the tests are made of: seconds of one afternoon, workers, looks, records.
final class Given {
  static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  static final String HERE = "process-here";

  private Given() {}

  static Settings settings() {
    return Settings.of(Map.of("hodei.kafka.value-serializer", PlainAvro.class.getName(), "hodei.kafka.value-deserializer", PlainAvro.class.getName()));
  }

  static Codec codec() {
    return new Codec(settings());
  }

  static Instant second(long second) {
    return NOON.plusSeconds(second);
  }

  static Worker.Builder worker(String id, String state, long since) {
    return Worker.newBuilder().setId(id).setPool("default").setProvider("process").setProviderId(HERE).setState(state)
        .setStateSince(second(since)).setSequence(7);
  }

  static WorkerRow row(String id, String state, long since) {
    return WorkerRow.of(worker(id, state, since).build());
  }

  static WorkerRow terminated(String id, long at) {
    return WorkerRow.of(worker(id, "TERMINATED", at).setTerminatedAt(second(at)).build());
  }

  static WorkerRow cleaned(String id, long at, long cleanedAt) {
    return WorkerRow.of(worker(id, "TERMINATED", at).setTerminatedAt(second(at)).setCleanedAt(second(cleanedAt)).build());
  }

  static Table table(WorkerRow... rows) {
    Map<String, WorkerRow> byId = new HashMap<>();
    Arrays.stream(rows).forEach(row -> byId.put(row.id(), row));
    return new Table(byId, Set.of(), Map.of());
  }

  /// A look at [#HERE] that began at a second and took one.
  static Snapshot look(long began, String... workers) {
    return look(HERE, began, workers);
  }

  static Snapshot look(String providerId, long began, String... workers) {
    return Snapshot.of("look-" + began, "process", providerId, second(began), second(began + 1), items(workers));
  }

  static List<InventoryItem> items(String... workers) {
    return Arrays.stream(workers).map(id -> InventoryItem.newBuilder().setWorkerId(id).setProviderRef("ref-" + id).build()).toList();
  }

  static InventorySnapshot.Builder page(String id, long began, int page, int pages, String... workers) {
    return InventorySnapshot.newBuilder().setSnapshotId(id).setProvider("process").setProviderId(HERE).setStartedAt(second(began))
        .setEndedAt(second(began + 1)).setComplete(true).setPage(page).setPages(pages).setItems(items(workers));
  }

  static ConsumerRecord<String, byte[]> record(Topic topic, String key, SpecificRecord value) {
    return bytes(topic, key, value == null ? null : codec().bytes(topic, value));
  }

  static ConsumerRecord<String, byte[]> bytes(Topic topic, String key, byte[] value) {
    return new ConsumerRecord<>("hodei." + topic.suffix(), 0, 3, key, value);
  }
}
