package io.hodei.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each checker passes a good history, and catches a violation that is planted into it.
class PromiseTest {
  private final Story story = Story.good();

  static List<Promise> all() {
    return Promise.ALL;
  }

  @ParameterizedTest
  @MethodSource("all")
  void aGoodHistoryBreaksNone(Promise promise) {
    assertEquals(List.of(), promise.check(story.told()));
  }

  private void catches(Promise promise, String subject, String words) {
    List<Violation> found = promise.check(story.told());
    assertTrue(found.stream().anyMatch(each -> each.subject().equals(subject) && each.sentence().contains(words) && each.promise().equals(promise.title())),
        () -> "Expected \"" + words + "\" of " + subject + ", but found " + found);
  }

  // proves: invariant:I1
  @Test
  void anAcceptedJobWithoutAnEventIsLost() {
    story.submissions.add(new Submission("request-four", "four", null, true, "test", Set.of("SUCCEEDED"), 1, 0, false));
    catches(new NoLostJob(), "four", "no event of it is on the log");
  }

  // proves: invariant:I1
  @Test
  void aJobEndsOnce() {
    story.jobEvent("JobCompleted", "one", 1, "w1", "FAILED", "WORKER_LOST", null);
    catches(new NoLostJob(), "one", "expected one JobCompleted, but found [SUCCEEDED by JobCompleted of attempt 1 (offset 6), FAILED by JobCompleted of attempt 1");
  }

  @Test
  void aRowThatSaysOtherwise() {
    story.rows = List.of(new JobRow("one", "RUNNING", "key-one", 7), new JobRow("two", "SUCCEEDED", "key-two", 13));
    catches(new NoLostJob(), "one", "says SUCCEEDED, but its last row says RUNNING");
    catches(new NoLostJob(), "three", "its last row says nothing");
  }

  @Test
  void aJobThatNobodyAskedFor() {
    story.jobEvent("JobSubmitted", "ghost", null, null, "PENDING", null, null);
    catches(new NoLostJob(), "ghost", "nobody asked for it");
  }

  @Test
  void anUnknownOutcomeMayHaveBecomeAJobOrNone() {
    story.submissions.add(new Submission("request-four", "four", null, false, "test", Set.of("SUCCEEDED"), 1, 0, false));
    assertEquals(List.of(), new NoLostJob().check(story.told()));
  }

  @Test
  void anEndingThatTheJobCannotHaveMade() {
    story.changed(story.jobEvents, event -> event.is("JobCompleted") && "one".equals(event.job()), event -> ended(event, "FAILED", "WORKER_LOST"));
    catches(new EndsAsAsked(), "one", "may end as [SUCCEEDED], but JobCompleted of attempt 1 (offset 6) says FAILED/WORKER_LOST");
    story.submissions.set(0, new Submission("request-one", "one", null, true, "test", Set.of("SUCCEEDED", "FAILED/WORKER_LOST"), 1, 3, false));
    assertEquals(List.of(), new EndsAsAsked().check(story.told()));
  }

  // proves: invariant:I2
  @Test
  void anAttemptThatRanTwice() {
    story.marked(Mark.START, "one", 1, "w1");
    catches(new StartedAtMostOnce(), "one", "attempt 1 ran at ");
  }

  @Test
  void anAttemptThatTheLogStartsTwice() {
    story.jobEvent("JobStarted", "one", 1, "w1", null, null, null);
    catches(new StartedAtMostOnce(), "one", "JobStarted of attempt 1 (offset 4) and again JobStarted of attempt 1");
  }

  @Test
  void anAttemptThatRanBehindTheLogsBack() {
    story.without(story.jobEvents, event -> event.is("JobStarted") && "one".equals(event.job()));
    catches(new StartedAtMostOnce(), "one", "but there is no JobStarted of it");
  }

  // proves: invariant:I2
  @Test
  void twoAttemptsAlive() {
    story.marked(Mark.ALIVE, "two", 1, "w2");
    catches(new NoTwoLiveExecutions(), "two", "attempt 1 on worker w2 lived at ");
  }

  @Test
  void twoAttemptsOnTheLog() {
    story.without(story.jobEvents, event -> event.is("JobAttemptEnded") && "two".equals(event.job()));
    catches(new NoTwoLiveExecutions(), "two", "had not ended");
  }

  // proves: invariant:I3
  @Test
  void anAttemptTooMany() {
    story.submissions.set(1, new Submission("request-two", "two", null, true, "test", Set.of("SUCCEEDED"), 1, 3, false));
    catches(new AttemptsWithinPolicy(), "two", "allowed 1 attempts, but there is JobScheduled of attempt 2");
  }

  @Test
  void anAttemptLeftOut() {
    story.changed(story.jobEvents, event -> event.is("JobScheduled") && "one".equals(event.job()), event -> attempt(event, 2));
    catches(new AttemptsWithinPolicy(), "one", "expected attempt 1, but found JobScheduled of attempt 2");
  }

  // proves: invariant:I4
  @Test
  void aGapInTheSequence() {
    story.without(story.workerEvents, event -> event.is("WorkerReady") && "w1".equals(event.worker()));
    catches(new LegalPaths(), "w1", "expected sequence 4 at WorkerBusy");
    catches(new LegalPaths(), "w1", "says it was READY, but it was CONNECTING");
    catches(new LegalPaths(), "w1", "illegal CONNECTING → BUSY");
  }

  @Test
  void aTerminalStateIsFinal() {
    story.jobEvent("JobQueued", "one", null, null, null, null, null);
    catches(new LegalPaths(), "one", "after it was SUCCEEDED");
    story.workerEvent("WorkerCleanedUp", "w1", null);
    assertTrue(new LegalPaths().check(story.told()).stream().noneMatch(each -> each.subject().equals("w1")), "the clean-up comes after the end");
  }

  @Test
  void anEventIdTwice() {
    story.changed(story.jobEvents, event -> event.is("JobStarted") && "two".equals(event.job()), event -> named(event, story.jobEvents.getFirst().id()));
    catches(new LegalPaths(), "two", "has the id e0 of another event");
  }

  @Test
  void aRowThatIsNotWhereThePathEnds() {
    story.rows = List.of(new JobRow("one", "SUCCEEDED", "key-one", 6));
    catches(new LegalPaths(), "one", "its last event has sequence 7, but its row 6");
  }

  // proves: invariant:I5
  @Test
  void moreWorkersThanSlots() {
    story.slots.put("default", 1);
    assertEquals(List.of(), new SlotsWithinCapacity().check(story.told()));
    story.without(story.workerEvents, event -> event.is("WorkerTerminated") && "w1".equals(event.worker()));
    catches(new SlotsWithinCapacity(), "w2", "is worker number 2 at once, but pool default has 1 slot");
  }

  // proves: invariant:I6
  @Test
  void aProcessThatOutlivesItsWorker() {
    story.sightings.add(new Sighting("w1", story.now(), "process 18"));
    catches(new NoLeak(), "w1", "there was process 18");
  }

  @Test
  void somethingOfNobodysIsLeft() {
    story.sightings.add(new Sighting("unknown", story.now().plusSeconds(60), "scratch directory unknown"));
    catches(new NoLeak(), "unknown", "there was scratch directory unknown");
  }

  // proves: invariant:I7
  @Test
  void anAttemptThatEndsBeforeItsWorkerIsGone() {
    Event early = story.jobEvents.stream().filter(event -> event.is("JobAttemptEnded") && "two".equals(event.job())).findFirst().orElseThrow();
    story.changed(story.workerEvents, event -> event.is("WorkerTerminated") && "w2".equals(event.worker()), event -> at(event, early.at().plusMillis(1)));
    catches(new ProvedDead(), "two", "had neither reported its end nor been seen gone: WorkerTerminated");
    story.changed(story.jobEvents, event -> event == early, event -> caused(event, "timer:no-contact"));
    assertEquals(List.of(), new ProvedDead().check(story.told()), "two minutes of silence are a proof");
  }

  @Test
  void theReportOfTheJobBeforeProvesNothing() {
    story.without(story.workerEvents, event -> event.is("WorkerJobCompleted") && "w3".equals(event.worker()));
    story.workerEvents.addFirst(new Event("hodei.worker-events", 900, "WorkerJobCompleted", "x", Story.BEGIN, 1, "another", "w3", 1, null, null, null, null, "default"));
    catches(new ProvedDead(), "two", "worker w3 had neither reported its end nor been seen gone");
  }

  @Test
  void anAttemptAfterOneThatNeverEnded() {
    story.without(story.jobEvents, event -> event.is("JobAttemptEnded") && "two".equals(event.job()));
    catches(new ProvedDead(), "two", "there is no JobAttemptEnded of the one before");
  }

  // proves: invariant:I8
  @Test
  void aKeyWithTwoJobs() {
    story.submissions.add(new Submission("request-one", "other", "key-one", true, "test", Set.of("SUCCEEDED"), 1, 3, false));
    catches(new SameKeySameJob(), "request-one", "the answers name the jobs [one, other]");
    catches(new SameKeySameJob(), "key-one", "there are the jobs [one, other]");
  }

  @Test
  void anIdSubmittedTwice() {
    story.jobEvent("JobSubmitted", "one", null, null, "PENDING", null, null);
    catches(new SameKeySameJob(), "one", "JobSubmitted (offset 0) and again JobSubmitted");
  }

  // proves: invariant:I9
  @Test
  void aCancelledJobThatLives() {
    story.marked(Mark.ALIVE, "three", 1, "w4");
    catches(new CancelledMeansDead(), "three", "wrote alive at");
  }

  @Test
  void aCancelledJobThatStarts() {
    story.jobEvent("JobStarted", "three", 2, "w9", null, null, null);
    catches(new CancelledMeansDead(), "three", "JobStarted of attempt 2 (offset 28) after JobCancelRequested");
  }

  @Test
  void aCancelThatIsForgotten() {
    story.submissions.set(0, story.cancelled(story.submissions.getFirst()));
    catches(new CancelledMeansDead(), "one", "there is no JobCancelRequested");
  }

  @Test
  void aCancelledJobThatEndsOtherwise() {
    story.changed(story.jobEvents, event -> event.is("JobCompleted") && "three".equals(event.job()), event -> ended(event, "SUCCEEDED", "EXIT_CODE"));
    catches(new CancelledMeansDead(), "three", "says SUCCEEDED");
  }

  // proves: invariant:I10
  @Test
  void anEventThatTheAuditMissesHasTwiceOrMadeUp() {
    List<String> audit = new ArrayList<>(story.told().audit());
    audit.remove("e3");
    audit.add("e4");
    audit.add("invented");
    story.audit = audit;
    catches(new AuditEqualsLog(), "e3", "is in the audit 0 times");
    catches(new AuditEqualsLog(), "e4", "is in the audit 2 times");
    catches(new AuditEqualsLog(), "invented", "no topic");
    assertEquals(3, new AuditEqualsLog().check(story.told()).size());
  }

  // proves: invariant:I12
  @Test
  void aLogThatMissesALine() {
    story.logs.set(0, new JobLog("one", List.of(1, 3), true));
    catches(new CompleteLogs(), "one", "in place 2 stands 3");
    story.logs.set(0, new JobLog("one", List.of(1, 2), true));
    catches(new CompleteLogs(), "one", "the rest is missing");
    story.logs.set(0, new JobLog("one", List.of(1, 2, 3), false));
    catches(new CompleteLogs(), "one", "marked incomplete");
    story.logs.removeFirst();
    catches(new CompleteLogs(), "one", "could not be read");
  }

  @Test
  void whatNeverEnds() {
    story.submitted("four", 1, "SUCCEEDED").runs("four", 1, "w5");
    catches(new Liveness(), "four", "it has not ended: its last event is JobStarted of attempt 1");
    catches(new Liveness(), "w5", "it has not ended");
    story.quiet = false;
    catches(new Liveness(), "all", "it did not become quiet");
  }

  @Test
  void aMarkIsReadAsItWasWritten() {
    assertEquals(new Mark(Mark.START, "j", 2, "w", Instant.parse("2026-01-01T00:00:00.000000042Z")), Mark.parse("start j 2 w 1767225600000000042"));
  }

  private static Event ended(Event event, String to, String reason) {
    return new Event(event.topic(), event.offset(), event.type(), event.id(), event.at(), event.sequence(), event.job(), event.worker(), event.attempt(),
        event.from(), to, reason, event.causation(), event.pool());
  }

  private static Event attempt(Event event, int attempt) {
    return new Event(event.topic(), event.offset(), event.type(), event.id(), event.at(), event.sequence(), event.job(), event.worker(), attempt, event.from(),
        event.to(), event.reason(), event.causation(), event.pool());
  }

  private static Event named(Event event, String id) {
    return new Event(event.topic(), event.offset(), event.type(), id, event.at(), event.sequence(), event.job(), event.worker(), event.attempt(), event.from(),
        event.to(), event.reason(), event.causation(), event.pool());
  }

  private static Event at(Event event, Instant at) {
    return new Event(event.topic(), event.offset(), event.type(), event.id(), at, event.sequence(), event.job(), event.worker(), event.attempt(), event.from(),
        event.to(), event.reason(), event.causation(), event.pool());
  }

  private static Event caused(Event event, String causation) {
    return new Event(event.topic(), event.offset(), event.type(), event.id(), event.at(), event.sequence(), event.job(), event.worker(), event.attempt(),
        event.from(), event.to(), event.reason(), causation, event.pool());
  }
}
