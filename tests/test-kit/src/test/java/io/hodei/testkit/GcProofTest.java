package io.hodei.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.schemas.GcEvent;
import io.hodei.schemas.InventoryItem;
import io.hodei.schemas.InventorySnapshot;
import io.hodei.schemas.Worker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.Test;

/// One honest cycle, and what is found when it lies.
class GcProofTest {
  private static final String TABLE = "hodei.worker-state-0";
  private static final String LISTS = "hodei.worker-inventory-0";

  private final List<TopicRecord> table = new ArrayList<>();
  private final List<TopicRecord> inventory = new ArrayList<>();
  private final List<TopicRecord> events = new ArrayList<>();

  /// busy is seen; vanished is not; stray is unknown; over is gone and clean; slow ended while the second look ran.
  GcProofTest() {
    row("busy", "BUSY", 5);
    row("vanished", "BUSY", 5);
    row("over", "TERMINATED", 5);
    row("slow", "TERMINATED", 31);
    look("a", 10, 0, 1, "busy", "stray");
    look("b", 30, 0, 2, "busy", "stray");
    look("b", 30, 1, 2, "slow");
    found("OrphanWorkerDetected", "stray");
    found("GhostWorkerDetected", "vanished");
  }

  @Test
  void anHonestCycleIsBelieved() {
    completed(Map.of());
    assertEquals(List.of(), GcProof.wrong(table, inventory, events));
  }

  @Test
  void eachCountIsJudgedAgain() {
    for (String count : List.of("inventory", "matched", "orphansDetected", "ghosts", "workersCleaned", "tableRows")) {
      completed(Map.of(count, 7L));
      assertWrong(count + " ");
      events.removeLast();
    }
  }

  @Test
  void anOrphanThatIsNoneIsFound() {
    found("OrphanWorkerDetected", "busy");
    completed(Map.of("orphansDetected", 2L));
    assertWrong("the orphans [here/stray]");
  }

  @Test
  void aGhostThatIsSeenIsFound() {
    look("c", 50, 0, 1, "busy", "stray", "vanished");
    completed(Map.of("inventory", 3L, "matched", 2L, "snapshots", "{\"here\":\"c\"}", "offsets", offsets(4, 4), "workersCleaned", 2L));
    assertWrong("the ghosts [] from the topics, but the cycle says [here/vanished]");
  }

  @Test
  void anOlderSnapshotThanTheOffsetsShowIsFound() {
    completed(Map.of("inventory", 2L, "matched", 1L, "ghosts", 0L, "snapshots", "{\"here\":\"a\"}"));
    assertWrong("it judged snapshot a of here");
  }

  @Test
  void aSnapshotWhosePagesAreNotAllBelowTheOffsetIsFound() {
    completed(Map.of("offsets", offsets(4, 2)));
    assertWrong("it judged snapshot b of here");
  }

  @Test
  void whatWasWrittenAfterTheOffsetsDoesNotCount() {
    completed(Map.of());
    row("stray", "BUSY", 40);
    row("busy", "TERMINATED", 41);
    look("c", 50, 0, 1);
    assertEquals(List.of(), GcProof.wrong(table, inventory, events));
  }

  @Test
  void whoJudgedNothingMustSayWhy() {
    events.clear();
    Map<String, Object> nothing = Map.of("inventory", 0L, "matched", 0L, "orphansDetected", 0L, "ghosts", 0L, "workersCleaned", 0L, "snapshots", "{}");
    completed(nothing);
    assertWrong("it left here out and names no error");
    events.clear();
    Map<String, Object> said = new java.util.HashMap<>(nothing);
    said.put("errors", 1L);
    completed(said);
    assertEquals(List.of(), GcProof.wrong(table, inventory, events));
  }

  @Test
  void aTombstoneTakesTheRowAway() {
    table.add(new TopicRecord(TABLE, table.size(), "over", null));
    completed(Map.of("offsets", offsets(5, 3), "tableRows", 3L, "workersCleaned", 0L));
    assertEquals(List.of(), GcProof.wrong(table, inventory, events));
  }

  private void assertWrong(String part) {
    List<String> wrong = GcProof.wrong(table, inventory, events);
    assertTrue(wrong.stream().anyMatch(each -> each.contains(part)), () -> "Expected a complaint with '" + part + "', but found " + wrong);
  }

  private void row(String id, String state, long since) {
    table.add(new TopicRecord(TABLE, table.size(), id, record(Worker.getClassSchema(), Map.of("id", id, "state", state, "providerId", "here",
        "stateSince", since))));
  }

  private void look(String id, long startedAt, int page, int pages, String... workers) {
    List<GenericRecord> items = Arrays.stream(workers).map(worker -> record(InventoryItem.getClassSchema(), Map.of("workerId", worker))).toList();
    inventory.add(new TopicRecord(LISTS, inventory.size(), "here", record(InventorySnapshot.getClassSchema(), Map.of("snapshotId", id, "providerId", "here",
        "startedAt", startedAt, "endedAt", startedAt + 5, "complete", true, "page", page, "pages", pages, "items",
        new GenericData.Array<>(InventorySnapshot.getClassSchema().getField("items").schema(), items)))));
  }

  private void found(String type, String worker) {
    event(Map.of("type", type, "cycleId", "cycle", "workerId", worker, "providerId", "here"));
  }

  private void completed(Map<String, Object> instead) {
    Map<String, Object> fields = new java.util.HashMap<>(Map.of("type", "GarbageCollectionCompleted", "cycleId", "cycle", "inventory", 3L, "matched", 2L,
        "orphansDetected", 1L, "ghosts", 1L, "workersCleaned", 1L, "errors", 0L, "tableRows", 4L));
    fields.put("occurredAt", 20_000L);
    fields.put("offsets", offsets(4, 3));
    fields.put("snapshots", "{\"here\":\"b\"}");
    fields.putAll(instead);
    event(fields);
  }

  private void event(Map<String, Object> fields) {
    events.add(new TopicRecord("hodei.gc-events-0", events.size(), "here", record(GcEvent.getClassSchema(), fields)));
  }

  private static String offsets(long ofTable, long ofLists) {
    return "{\"" + TABLE + "\":" + ofTable + ",\"" + LISTS + "\":" + ofLists + "}";
  }

  private static GenericRecord record(Schema schema, Map<String, Object> fields) {
    GenericRecordBuilder builder = new GenericRecordBuilder(schema);
    fields.forEach(builder::set);
    return builder.build();
  }
}
