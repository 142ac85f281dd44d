package io.hodei.testkit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Everything that was seen of a run, from outside, when it was over: what the checkers judge. Facts only, so that a run of real processes and a
/// simulated one are judged alike. Immutable.
///
/// - `submissions`: the client's ledger
/// - `jobEvents`, `workerEvents`, `gcEvents`: the topics, read_committed, in the order of their offsets
/// - `jobs`: the last row of each job on `hodei.job-state`
/// - `audit`: event ids of all rows of the audit
/// - `marks`: what attempts wrote about themselves
/// - `sightings`: infrastructure of workers, seen during the run and after it
/// - `logs`: of succeeded jobs, as read
/// - `slots`: of each pool
/// - `quietAt`: the moment after the last fault at which everything had ended; null when that did not come in time
public record History(List<Submission> submissions, List<Event> jobEvents, List<Event> workerEvents, List<Event> gcEvents, List<JobRow> jobs,
    List<String> audit, List<Mark> marks, List<Sighting> sightings, List<JobLog> logs, Map<String, Integer> slots,
    @Nullable Instant quietAt) {
  public History {
    submissions = List.copyOf(submissions);
    jobEvents = List.copyOf(jobEvents);
    workerEvents = List.copyOf(workerEvents);
    gcEvents = List.copyOf(gcEvents);
    jobs = List.copyOf(jobs);
    audit = List.copyOf(audit);
    marks = List.copyOf(marks);
    sightings = List.copyOf(sightings);
    logs = List.copyOf(logs);
    slots = Map.copyOf(slots);
  }

  /// What the topics alone tell: for tests that judge the paths of events only.
  public static History ofTopics(Topics topics) {
    return new History(List.of(), topics.events("hodei.job-events"), topics.events("hodei.worker-events"), List.of(), List.of(), List.of(), List.of(),
        List.of(), List.of(), Map.of(), null);
  }

  /// The events of each job, in order; refused requests are no events of a job.
  public Map<String, List<Event>> eventsByJob() {
    return grouped(jobEvents.stream().filter(event -> !event.is("JobRejected")).toList(), event -> Objects.requireNonNullElse(event.job(), "none"));
  }

  /// The events of each worker, in order; those of providers are left out.
  public Map<String, List<Event>> eventsByWorker() {
    return grouped(workerEvents.stream().filter(event -> event.worker() != null).toList(), event -> Objects.requireNonNullElse(event.worker(), "none"));
  }

  /// The marks of each job, by time.
  public Map<String, List<Mark>> marksByJob() {
    return grouped(marks.stream().sorted(java.util.Comparator.comparing(Mark::at)).toList(), Mark::job);
  }

  /// Acknowledged submissions with the job that they became, the last answer of each job.
  public Map<String, Submission> acceptedByJob() {
    Map<String, Submission> accepted = new LinkedHashMap<>();
    for (Submission submission : submissions) {
      if (submission.acknowledged() && submission.job() != null) {
        accepted.put(submission.job(), submission);
      }
    }
    return accepted;
  }

  /// The event that ended each worker.
  public Map<String, Event> terminatedByWorker() {
    Map<String, Event> ends = new LinkedHashMap<>();
    for (Event event : workerEvents) {
      if (event.is("WorkerTerminated") && event.worker() != null) {
        ends.putIfAbsent(event.worker(), event);
      }
    }
    return ends;
  }

  /// The event that ended a job, among its own; null while it is open.
  public static @Nullable Event completion(List<Event> events) {
    return events.stream().filter(event -> event.is("JobCompleted")).findFirst().orElse(null);
  }

  private static <T> Map<String, List<T>> grouped(List<T> all, Function<T, String> key) {
    Map<String, List<T>> groups = new LinkedHashMap<>();
    all.forEach(each -> groups.computeIfAbsent(key.apply(each), none -> new ArrayList<>()).add(each));
    return groups;
  }
}
