package io.hodei.testkit;

import java.util.ArrayList;
import java.util.List;

/// A promise of Hodei's as a judge of what was seen. Pure: the same history, the same violations.
public interface Promise {
  /// All of them.
  List<Promise> ALL = List.of(new NoLostJob(), new EndsAsAsked(), new StartedAtMostOnce(), new NoTwoLiveExecutions(), new AttemptsWithinPolicy(),
      new LegalPaths(), new SlotsWithinCapacity(), new NoLeak(), new ProvedDead(), new SameKeySameJob(), new CancelledMeansDead(),
      new AuditEqualsLog(), new CompleteLogs(), new Liveness());

  /// What broke it; empty when it held.
  List<Violation> check(History history);

  default String title() {
    return getClass().getSimpleName();
  }

  default Violation violation(String subject, String sentence) {
    return new Violation(title(), subject, sentence);
  }

  /// What broke any promise.
  static List<Violation> checkAll(History history) {
    List<Violation> found = new ArrayList<>();
    ALL.forEach(promise -> found.addAll(promise.check(history)));
    return found;
  }
}
