package io.hodei.gc;

import static io.hodei.gc.Given.HERE;
import static io.hodei.gc.Given.bytes;
import static io.hodei.gc.Given.page;
import static io.hodei.gc.Given.record;
import static io.hodei.gc.Given.second;
import static io.hodei.gc.Given.worker;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.schemas.InventorySnapshot;
import io.hodei.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FoldsTest {
  private final List<String> rejected = new ArrayList<>();
  private final WorkerTable table = new WorkerTable(Given.codec(), (record, reason) -> rejected.add(reason));
  private Instant now = second(20);
  private final InventoryView inventory = new InventoryView(Given.codec(), (record, reason) -> rejected.add(reason), () -> now);

  @Test
  void theNewestRowCountsAndATombstoneDeletes() {
    state("w1", "BUSY");
    state("w1", "TERMINATING");
    state("w2", "READY");
    table.accept(record(Topic.WORKER_STATE, "w2", null));
    assertEquals(Set.of("w1"), table.copy().rows().keySet());
    assertEquals("TERMINATING", table.copy().rows().get("w1").state());
    assertEquals(List.of(), rejected);
  }

  @Test
  void aRowThatCannotBeReadIsSetApartUntilItCan() {
    state("w1", "BUSY");
    table.accept(bytes(Topic.WORKER_STATE, "w1", "{garbage".getBytes(StandardCharsets.UTF_8)));
    assertEquals(Set.of("w1"), table.copy().unreadable());
    assertNull(table.copy().rows().get("w1"));
    assertEquals(1, rejected.size());
    state("w1", "BUSY");
    assertEquals(Set.of(), table.copy().unreadable());
  }

  @Test
  void aRowUnderAnotherKeyIsNotBelieved() {
    table.accept(record(Topic.WORKER_STATE, "w1", worker("w2", "TERMINATED", 0).build()));
    assertEquals(Set.of("w1"), table.copy().unreadable());
    assertEquals(0, table.copy().rows().size());
  }

  @Test
  void aRowWithoutKeyOrWithAnotherSchemaIsRejected() {
    table.accept(record(Topic.WORKER_STATE, null, worker("w2", "BUSY", 0).build()));
    table.accept(record(Topic.WORKER_INVENTORY, "w1", page("s", 0, 0, 1).build()));
    table.accept(bytes(Topic.WORKER_STATE, "w3", new byte[0]));
    assertEquals(3, rejected.size());
  }

  @Test
  void instancesAreThoseOfLiveAndUncleanedRows() {
    table.accept(record(Topic.WORKER_STATE, "w1", worker("w1", "BUSY", 0).setProviderId("a").build()));
    table.accept(record(Topic.WORKER_STATE, "w2", worker("w2", "TERMINATED", 0).setProviderId("b").build()));
    table.accept(record(Topic.WORKER_STATE, "w3", worker("w3", "TERMINATED", 0).setProviderId("c").setCleanedAt(second(1)).build()));
    assertEquals(Set.of("a", "b"), table.copy().instances());
  }

  @Test
  void aSnapshotCountsWhenItsLastPageIsThereInAnyOrderAndWithRepeats() {
    inventory(page("s1", 10, 2, 3, "w3"));
    inventory(page("s1", 10, 0, 3, "w1"));
    inventory(page("s1", 10, 0, 3, "w1"));
    assertTrue(looks().looks().isEmpty());
    inventory(page("s1", 10, 1, 3, "w2"));
    assertEquals(Set.of("w1", "w2", "w3"), looks().looks().get(HERE).newest().workers());
    assertEquals(3, looks().looks().get(HERE).newest().items().size());
  }

  @Test
  void theOneBeforeTheNewestIsKeptAndARepeatIsNotASecondLook() {
    inventory(page("s1", 10, 0, 1, "w1"));
    inventory(page("s1", 10, 0, 1, "w1"));
    assertNull(looks().looks().get(HERE).previous());
    inventory(page("s2", 12, 0, 1));
    inventory(page("s0", 4, 0, 1, "old"));
    assertEquals("s2", looks().looks().get(HERE).newest().id());
    assertEquals("s1", looks().looks().get(HERE).previous().id());
  }

  @Test
  void aFailedListingConcludesNothingAndSaysWhy() throws InterruptedException {
    inventory(page("s1", 10, 0, 1, "w1"));
    inventory(page("s2", 15, 0, 1).setComplete(false).setMessage("no /proc"));
    inventory.awaitAnswers(Set.of(HERE), second(15), Duration.ofSeconds(30));
    InventoryView.Answer answer = inventory.answer(Set.of(HERE), second(15));
    assertEquals("s1", answer.looks().get(HERE).newest().id());
    assertEquals("its listing failed: no /proc; judged by the one before", answer.errors().getFirst().detail());
  }

  @Test
  void anInstanceThatDoesNotAnswerIsAnErrorAndNotJudgedByAStaleLook() {
    inventory(page("s1", 10, 0, 1, "w1"));
    now = second(72);
    InventoryView.Answer answer = inventory.answer(Set.of(HERE, "elsewhere"), second(70));
    assertTrue(answer.looks().isEmpty());
    assertEquals(List.of("elsewhere", HERE), answer.errors().stream().map(Finding.Unjudged::providerId).toList());
  }

  @Test
  void anEmptySilentInstanceIsForgottenAndOneWithItemsIsNot() {
    inventory(page("s1", 10, 0, 1));
    assertEquals(Set.of(HERE), inventory.instances());
    now = second(700);
    assertEquals(Set.of(), inventory.instances());
    inventory(page("s2", 12, 0, 1, "w1"));
    assertEquals(Set.of(HERE), inventory.instances());
  }

  @Test
  void malformedPagesAreRejected() {
    inventory(page("s1", 10, 1, 1));
    inventory(page("s1", 10, -1, 1));
    inventory(page("s1", 10, 0, 0));
    inventory(page("s1", 10, 0, Integer.MAX_VALUE));
    inventory(page("", 10, 0, 1));
    inventory(page("s1", 10, 0, 1).setProviderId(""));
    inventory(page("s1", 10, 0, 1).setEndedAt(second(3)));
    inventory(page("s1", 1_000_000, 0, 1));
    inventory.accept(bytes(Topic.WORKER_INVENTORY, HERE, null));
    inventory.accept(bytes(Topic.WORKER_INVENTORY, HERE, new byte[] {0, 0, 0}));
    assertEquals(10, rejected.size());
    inventory(page("s2", 10, 0, 2));
    inventory(page("s2", 10, 1, 3));
    assertEquals(11, rejected.size());
    assertTrue(looks().looks().isEmpty());
  }

  @Test
  void snapshotsThatNeverGetCompleteDoNotPileUp() {
    for (int i = 0; i < 10_000; i++) {
      inventory(page("s" + i, 10, 0, 2, "w1"));
    }
    inventory(page("s9999", 10, 1, 2, "w2"));
    assertEquals("s9999", looks().looks().get(HERE).newest().id());
  }

  private InventoryView.Answer looks() {
    return inventory.answer(Set.of(), second(0));
  }

  private void state(String id, String state) {
    table.accept(record(Topic.WORKER_STATE, id, worker(id, state, 0).build()));
  }

  private void inventory(InventorySnapshot.Builder page) {
    inventory.accept(record(Topic.WORKER_INVENTORY, HERE, page.build()));
  }
}
