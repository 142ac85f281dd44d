package io.hodei.gc;

import static io.hodei.gc.Given.HERE;
import static io.hodei.gc.Given.cleaned;
import static io.hodei.gc.Given.look;
import static io.hodei.gc.Given.row;
import static io.hodei.gc.Given.second;
import static io.hodei.gc.Given.table;
import static io.hodei.gc.Given.terminated;
import static io.hodei.gc.Given.worker;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JudgementTest {
  private static Judgement.Verdict judged(Table table, Map<String, Looks> looks) {
    return Judgement.of(table, looks, new PoolRules());
  }

  @Test
  void aPoolThatIsLeftAloneHasNoOrphans() {
    PoolRules pools = new PoolRules();
    pools.applied(io.hodei.schemas.Pool.newBuilder().setName("default").setProviders(List.of("process")).setOrphanDetection(false).build());
    assertEquals(List.of(), Judgement.of(table(terminated("w1", 5)), seen(look(10, "w1", "stranger")), pools).findings());
  }

  @Test
  void nothingAnywhereIsNoFinding() {
    Judgement.Verdict verdict = judged(table(), Map.of());
    assertEquals(new Judgement.Verdict(0, 0, List.of()), verdict);
  }

  @Test
  void anItemThatTheTableDoesNotKnowIsAnOrphan() {
    Judgement.Verdict verdict = judged(table(row("w1", "BUSY", 0)), seen(look(10, "w1", "stranger")));
    Finding.Orphan orphan = assertInstanceOf(Finding.Orphan.class, only(verdict));
    assertEquals("stranger", orphan.workerId());
    assertEquals(HERE, orphan.providerId());
    assertEquals("process", orphan.provider());
    assertEquals("ref-stranger", orphan.providerRef());
    assertEquals(second(11), orphan.lastSeen());
    assertEquals(2, verdict.inventory());
    assertEquals(1, verdict.matched());
  }

  @Test
  void aWorkerThatWasLeftToGarbageCollectionIsFoundWhetherSeenOrNot() {
    var row = worker("w1", "TERMINATING", 5).setAttemptEndedAt(second(5));
    assertInstanceOf(Finding.Ended.class, only(judged(table(WorkerRow.of(row.build())), seen(look(10, "w1")))));
    assertInstanceOf(Finding.Ended.class, only(judged(table(WorkerRow.of(row.build())), Map.of())));
    assertEquals(List.of(), judged(table(WorkerRow.of(row.setDestroyTries(1).build())), seen(look(10, "w1"))).findings(), "its destruction was asked for");
    assertEquals(List.of(), judged(table(WorkerRow.of(row.setDestroyTries(0).setState("BUSY").build())), seen(look(10, "w1"))).findings(), "a busy one");
  }

  @Test
  void anItemWhoseRowIsTerminatedIsAnOrphan() {
    assertInstanceOf(Finding.Orphan.class, only(judged(table(terminated("w1", 5)), seen(look(10, "w1")))));
    assertInstanceOf(Finding.Orphan.class, only(judged(table(cleaned("w1", 5, 8)), seen(look(10, "w1")))));
  }

  @Test
  void anItemSeenBeforeItsWorkerWasRemovedIsNoOrphan() {
    Judgement.Verdict verdict = judged(table(terminated("w1", 10)), seen(look(10, "w1")));
    assertEquals(List.of(), verdict.findings());
    assertEquals(1, verdict.matched());
  }

  @ParameterizedTest
  @ValueSource(strings = {"CREATING", "CONNECTING", "READY", "BUSY", "DRAINING", "TERMINATING", "SOMETHING_NEW"})
  void aLiveRowIsNeverAnOrphanHoweverOld(String state) {
    Judgement.Verdict verdict = judged(table(row("w1", state, -1_000_000)), seen(look(9, "w1"), look(10, "w1")));
    assertEquals(List.of(), verdict.findings());
    assertEquals(1, verdict.matched());
  }

  @Test
  void aBusyWorkerIsNoOrphanOnAnotherInstanceEither() {
    Judgement.Verdict verdict = judged(table(row("w1", "BUSY", 0)), Map.of("process-there", new Looks(look("process-there", 10, "w1"), null)));
    assertEquals(List.of(), verdict.findings());
    assertEquals(1, verdict.matched());
  }

  @Test
  void anUnreadableRowIsNeitherOrphanNorMatched() {
    Judgement.Verdict verdict = judged(new Table(Map.of(), Set.of("w1"), Map.of()), seen(look(9, "w1"), look(10, "w1")));
    assertInstanceOf(Finding.Unjudged.class, only(verdict));
    assertEquals(0, verdict.matched());
  }

  @Test
  void anItemWithoutWorkerIdIsAnError() {
    assertEquals("error", only(judged(table(), seen(look(10, "")))).kind());
  }

  @ParameterizedTest
  @ValueSource(strings = {"CONNECTING", "READY", "BUSY", "DRAINING", "TERMINATING"})
  void aRowAbsentFromTwoLooksSinceItsTransitionIsAGhost(String state) {
    Finding found = only(judged(table(row("w1", state, 0)), seen(look(6), look(10))));
    assertEquals(7, assertInstanceOf(Finding.Ghost.class, found).row().sequence());
  }

  @Test
  void oneLookMakesNoGhost() {
    assertEquals(List.of(), judged(table(row("w1", "BUSY", 0)), Map.of(HERE, new Looks(look(10), null))).findings());
  }

  @Test
  void aLookBegunAtOrBeforeTheTransitionDoesNotCount() {
    assertEquals(List.of(), judged(table(row("w1", "READY", 6)), seen(look(6), look(10))).findings());
    assertEquals(List.of(), judged(table(row("w1", "READY", 10)), seen(look(6), look(10))).findings());
  }

  /// The row's time is the dispatcher's, the look's that of another machine.
  @Test
  void aLookWithinFiveSecondsOfTheTransitionDoesNotCount() {
    assertEquals(List.of(), judged(table(row("w1", "READY", 1)), seen(look(6), look(10))).findings());
    assertInstanceOf(Finding.Ghost.class, only(judged(table(row("w1", "READY", 1)), seen(look(7), look(10)))));
  }

  @Test
  void twoLooksAtTheSameMomentAreOne() {
    Snapshot first = Snapshot.of("a", "process", HERE, second(8), second(12), List.of());
    assertEquals(List.of(), judged(table(row("w1", "READY", 0)), seen(first, look(10))).findings());
  }

  @Test
  void presenceInEitherLookMakesNoGhost() {
    assertEquals(List.of(), judged(table(row("w1", "READY", 0)), seen(look(6, "w1"), look(10))).findings());
    assertEquals(List.of(), judged(table(row("w1", "READY", 0)), seen(look(6), look(10, "w1"))).findings());
  }

  @ParameterizedTest
  @ValueSource(strings = {"CREATING", "SOMETHING_NEW"})
  void whatNeedNotExistYetIsNoGhost(String state) {
    assertEquals(List.of(), judged(table(row("w1", state, 0)), seen(look(6), look(10))).findings());
  }

  @Test
  void aRowWithoutATimeIsNoGhost() {
    WorkerRow row = WorkerRow.of(worker("w1", "BUSY", 0).setStateSince(null).build());
    assertEquals(List.of(), judged(table(row), seen(look(6), look(10))).findings());
  }

  @Test
  void aRowOfAnInstanceThatIsNotJudgedIsLeftAlone() {
    Map<String, Looks> elsewhere = Map.of("process-there", new Looks(look("process-there", 10), look("process-there", 6)));
    assertEquals(List.of(), judged(table(row("w1", "BUSY", 0), terminated("w2", 0)), elsewhere).findings());
  }

  @Test
  void aTerminatedRowAbsentSinceItsEndIsClean() {
    Finding found = only(judged(table(terminated("w1", 5)), Map.of(HERE, new Looks(look(6), null))));
    assertEquals(new Finding.Clean("w1", HERE), found);
  }

  @Test
  void aLookBegunBeforeTheEndProvesNothingClean() {
    assertEquals(List.of(), judged(table(terminated("w1", 6)), Map.of(HERE, new Looks(look(6), null))).findings());
  }

  @Test
  void whatIsCleanedIsNotCleanedAgain() {
    assertEquals(List.of(), judged(table(cleaned("w1", 5, 7)), seen(look(6), look(10))).findings());
  }

  @Test
  void everyItemIsMatchedOrphanOrError() {
    Judgement.Verdict verdict = judged(table(row("w1", "BUSY", 0), terminated("w2", 0)), seen(look(10, "w1", "w2", "w3", "")));
    assertEquals(4, verdict.inventory());
    assertEquals(verdict.inventory(), verdict.matched() + verdict.count(Finding.Orphan.class) + verdict.count(Finding.Unjudged.class));
  }

  private static Map<String, Looks> seen(Snapshot newest) {
    return Map.of(HERE, new Looks(newest, null));
  }

  private static Map<String, Looks> seen(Snapshot previous, Snapshot newest) {
    return Map.of(HERE, new Looks(newest, previous));
  }

  private static Finding only(Judgement.Verdict verdict) {
    assertEquals(1, verdict.findings().size(), () -> verdict.findings().toString());
    return verdict.findings().getFirst();
  }
}
