package io.hodei.testkit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A history told step by step: a good one, to which a test does one wrong. Time goes on by 10 ms with each step.
final class Story {
  private static final String POOL = "default";
  static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  final List<Submission> submissions = new ArrayList<>();
  final List<Event> jobEvents = new ArrayList<>();
  final List<Event> workerEvents = new ArrayList<>();
  final List<Event> gcEvents = new ArrayList<>();
  final List<Mark> marks = new ArrayList<>();
  final List<Sighting> sightings = new ArrayList<>();
  final List<JobLog> logs = new ArrayList<>();
  @Nullable List<JobRow> rows;
  @Nullable List<String> audit;
  boolean quiet = true;
  final Map<String, Integer> slots = new HashMap<>(Map.of("default", 2));

  private final Map<String, Long> sequences = new HashMap<>();
  private final Map<String, String> states = new HashMap<>();
  private int ids;
  private long millis;

  /// `one` succeeds, `two` loses a worker and then succeeds, `three` is cancelled while it runs.
  static Story good() {
    Story story = new Story();
    story.submitted("one", 1, "SUCCEEDED").runs("one", 1, "w1").reported("one", 1, "w1", "SUCCEEDED", "EXIT_CODE").gone("w1");
    story.submitted("two", 2, "SUCCEEDED").runs("two", 1, "w2").lost("two", 1, "w2");
    story.jobEvent("JobRetryScheduled", "two", 1, "w2", null, null, null).jobEvent("JobQueued", "two", null, null, "PENDING", null, null);
    story.runs("two", 2, "w3").reported("two", 2, "w3", "SUCCEEDED", "EXIT_CODE").gone("w3");
    story.submitted("three", 1, "CANCELLED").runs("three", 1, "w4");
    story.submissions.set(2, story.cancelled(story.submissions.get(2)));
    story.jobEvent("JobCancelRequested", "three", null, null, null, null, null);
    story.reported("three", 1, "w4", "CANCELLED", "CANCELLED").gone("w4");
    story.logs.add(new JobLog("one", List.of(1, 2, 3), true));
    story.logs.add(new JobLog("two", List.of(1, 2, 3), true));
    return story;
  }

  Submission cancelled(Submission of) {
    return new Submission(of.request(), of.job(), of.key(), true, of.kind(), of.endings(), of.maxAttempts(), of.lines(), true);
  }

  Story submitted(String job, int maxAttempts, String ending) {
    submissions.add(new Submission("request-" + job, job, "key-" + job, true, "test", Set.of(ending), maxAttempts, 3, false));
    jobEvent("JobSubmitted", job, null, null, "PENDING", null, null);
    return jobEvent("JobQueued", job, null, null, null, null, null);
  }

  /// From its scheduling until it runs and has written that it does.
  Story runs(String job, int attempt, String worker) {
    jobEvent("JobScheduled", job, attempt, worker, "SCHEDULED", null, null);
    workerEvent("WorkerProvisioningRequested", worker, "CREATING");
    workerEvent("WorkerCreated", worker, "CONNECTING");
    workerEvent("WorkerConnected", worker, null);
    workerEvent("WorkerReady", worker, "READY");
    workerEvent("WorkerBusy", worker, "BUSY");
    jobEvent("JobAssigned", job, attempt, worker, "ASSIGNED", null, null);
    jobEvent("JobStarted", job, attempt, worker, "RUNNING", null, null);
    marked(Mark.START, job, attempt, worker);
    sightings.add(new Sighting(worker, now(), "process 17"));
    return marked(Mark.ALIVE, job, attempt, worker);
  }

  Story marked(String what, String job, int attempt, String worker) {
    marks.add(new Mark(what, job, attempt, worker, now()));
    return this;
  }

  /// Its agent tells its end.
  Story reported(String job, int attempt, String worker, String state, String reason) {
    marked(Mark.END, job, attempt, worker);
    workerEvent("WorkerJobCompleted", worker, null, job, attempt);
    jobEvent("JobAttemptEnded", job, attempt, worker, null, reason, null);
    jobEvent("JobCompleted", job, attempt, worker, state, reason, null);
    return workerEvent("WorkerTerminating", worker, "TERMINATING");
  }

  /// Its worker is lost, and looked for until it is gone.
  Story lost(String job, int attempt, String worker) {
    workerEvent("WorkerLost", worker, null);
    workerEvent("WorkerTerminating", worker, "TERMINATING");
    gone(worker);
    return jobEvent("JobAttemptEnded", job, attempt, worker, null, "WORKER_LOST", null);
  }

  Story gone(String worker) {
    return workerEvent("WorkerTerminated", worker, "TERMINATED");
  }

  Story jobEvent(String type, String job, @Nullable Integer attempt, @Nullable String worker, @Nullable String to, @Nullable String reason,
      @Nullable String causation) {
    jobEvents.add(new Event("hodei.job-events", jobEvents.size(), type, "e" + ids++, now(), next(job), job, worker, attempt,
        to == null ? null : states.get(job), to, reason, causation, POOL));
    if (to != null) {
      states.put(job, to);
    }
    return this;
  }

  Story workerEvent(String type, String worker, @Nullable String to) {
    return workerEvent(type, worker, to, null, null);
  }

  private Story workerEvent(String type, String worker, @Nullable String to, @Nullable String job, @Nullable Integer attempt) {
    workerEvents.add(new Event("hodei.worker-events", workerEvents.size(), type, "e" + ids++, now(), next(worker), job, worker, attempt,
        to == null ? null : states.get(worker), to, null, null, POOL));
    if (to != null) {
      states.put(worker, to);
    }
    return this;
  }

  Instant now() {
    millis += 10;
    return BEGIN.plusMillis(millis);
  }

  /// Takes the events out that are so; what is left keeps its numbers.
  Story without(List<Event> events, Predicate<Event> wrong) {
    events.removeIf(wrong);
    return this;
  }

  Story changed(List<Event> events, Predicate<Event> wrong, UnaryOperator<Event> change) {
    events.replaceAll(event -> wrong.test(event) ? change.apply(event) : event);
    return this;
  }

  History told() {
    List<Event> all = new ArrayList<>(jobEvents);
    all.addAll(workerEvents);
    all.addAll(gcEvents);
    List<JobRow> last = new ArrayList<>();
    submissions.stream().filter(submission -> submission.job() != null).forEach(submission -> last.add(new JobRow(String.valueOf(submission.job()),
        states.getOrDefault(String.valueOf(submission.job()), "PENDING"), submission.key(), sequences.getOrDefault(String.valueOf(submission.job()), 0L))));
    return new History(submissions, jobEvents, workerEvents, gcEvents, rows == null ? last : rows, audit == null ? all.stream().map(Event::id).toList() : audit,
        marks, sightings, logs, slots, quiet ? now() : null);
  }

  private long next(String key) {
    return sequences.merge(key, 1L, Long::sum);
  }
}
