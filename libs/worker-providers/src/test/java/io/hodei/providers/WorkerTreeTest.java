package io.hodei.providers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hodei.providers.WorkerTree.DeadAgent;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WorkerTreeTest {
  private static final WorkerMark MINE = new WorkerMark("i1", "w1");
  private static final WorkerMark OTHER_WORKER = new WorkerMark("i1", "w2");
  private static final WorkerMark OTHER_INSTALLATION = new WorkerMark("i2", "w1");
  private static final int SELF = 50;

  private static Proc proc(int pid, int parent, int session, @Nullable WorkerMark mark) {
    return new Proc(pid, parent, session, pid, false, "p" + pid, mark, null);
  }

  private static Proc limited(int pid, int parent, int session, WorkerMark worker) {
    return proc(pid, parent, session, null).marked(null, LimitMark.of(worker));
  }

  private static Set<Integer> chosen(@Nullable DeadAgent dead, Proc... others) {
    List<Proc> all = new java.util.ArrayList<>(List.of(
        proc(1, 0, 1, null), proc(40, 1, 40, null), proc(SELF, 40, 40, null)));
    all.addAll(List.of(others));
    return WorkerTree.of(MINE, all, SELF, dead).stream().map(Proc::pid).collect(Collectors.toSet());
  }

  @Test
  void markedProcessesAndTheirDescendantsAreTheWorkers() {
    assertEquals(Set.of(100, 101, 102),
        chosen(null, proc(100, SELF, 100, MINE), proc(101, 100, 101, null), proc(102, 101, 102, null)));
  }

  @Test
  void anUnmarkedMemberOfTheAgentsSessionIsTheWorkers() {
    assertEquals(Set.of(100, 101), chosen(null, proc(100, SELF, 100, MINE), proc(101, 1, 100, null)));
  }

  @Test
  void theSessionOfADeadAgentIsKnownByItsMarkedMembers() {
    assertEquals(Set.of(101, 102), chosen(null, proc(101, 1, 100, MINE), proc(102, 1, 100, null)));
  }

  @Test
  void theSessionOfAnAgentSeenDyingIsKnownWithoutAnyMark() {
    assertEquals(Set.of(101), chosen(new DeadAgent(100, 200), proc(101, 1, 100, null)));
  }

  @Test
  void aLaterSessionOfTheSameNumberIsNotTheWorkers() {
    assertEquals(Set.of(), chosen(new DeadAgent(100, 100), proc(101, 1, 100, null)));
  }

  @Test
  void otherWorkersAndInstallationsAreNotTouched() {
    assertEquals(Set.of(100), chosen(null, proc(100, SELF, 100, MINE), proc(200, SELF, 200, OTHER_WORKER),
        proc(300, SELF, 300, OTHER_INSTALLATION), proc(301, 300, 300, OTHER_INSTALLATION)));
  }

  @Test
  void weOurAncestorsAndOurSessionAreNeverChosen() {
    List<Proc> all = List.of(proc(1, 0, 1, MINE), proc(40, 1, 40, MINE), proc(SELF, 40, 40, MINE), proc(60, 40, 40, MINE),
        proc(61, 1, 40, null));
    assertEquals(List.of(60), WorkerTree.of(MINE, all, SELF, null).stream().map(Proc::pid).toList());
  }

  @Test
  void aLiveForeignSessionOfAMarkedProcessIsSpared() {
    assertEquals(Set.of(101), chosen(null, proc(90, 1, 90, null), proc(101, 90, 90, MINE), proc(102, 90, 90, null)));
  }

  @Test
  void whoeverCarriesTheWorkersLimitAndAllThatBelongsToItAreTheWorkers() {
    assertEquals(Set.of(100, 101, 102), chosen(null, limited(100, 1, 100, MINE), proc(101, 100, 101, null), proc(102, 1, 100, null),
        limited(200, 1, 200, OTHER_WORKER), proc(201, 1, 200, null), limited(300, 1, 300, OTHER_INSTALLATION), proc(400, 1, 400, null)));
  }

  @Test
  void aDyingAgentThatShowsItsLimitAloneStillHasItsChildren() {
    assertEquals(Set.of(100, 101), chosen(null, limited(100, SELF, 100, MINE), proc(101, 100, 101, null)));
  }

  @Test
  void weAreNotChosenForOurLimit() {
    List<Proc> all = List.of(limited(40, 1, 40, MINE), limited(SELF, 40, 40, MINE), limited(60, 40, 40, MINE));
    assertEquals(List.of(60), WorkerTree.of(MINE, all, SELF, null).stream().map(Proc::pid).toList());
  }
}
