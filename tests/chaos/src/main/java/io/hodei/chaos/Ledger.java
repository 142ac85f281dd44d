package io.hodei.chaos;

import io.hodei.testkit.Submission;
import io.hodei.testkit.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The client's own book: every answer it got, and those that it should not have got. Any thread.
final class Ledger {
  private final List<Submission> submissions = new ArrayList<>();
  private final List<Violation> wrong = new ArrayList<>();
  private final Set<String> open = ConcurrentHashMap.newKeySet();
  private final Set<String> accepted = ConcurrentHashMap.newKeySet();

  /// A request is on its way, until it is settled.
  void begun(PlannedJob job) {
    open.add(job.request());
  }

  void settled(PlannedJob job) {
    open.remove(job.request());
  }

  synchronized void accepted(PlannedJob job, String id, @Nullable String key) {
    accepted.add(id);
    submissions.add(new Submission(job.request(), id, key, true, job.kind().words(), job.kind().endings(), job.maxAttempts(), job.lines(), false));
  }

  synchronized void unknown(PlannedJob job, @Nullable String id, @Nullable String key) {
    submissions.add(new Submission(job.request(), id, key, false, job.kind().words(), job.kind().endings(), job.maxAttempts(), job.lines(), false));
  }

  synchronized void cancelled(PlannedJob job, String id) {
    submissions.add(new Submission(job.request(), id, null, true, job.kind().words(), job.kind().endings(), job.maxAttempts(), job.lines(), true));
  }

  synchronized void violated(String promise, String subject, String sentence) {
    wrong.add(new Violation(promise, subject, sentence));
  }

  synchronized List<Submission> submissions() {
    return List.copyOf(submissions);
  }

  synchronized List<Violation> violations() {
    return List.copyOf(wrong);
  }

  /// Jobs that were accepted.
  int jobs() {
    return accepted.size();
  }

  boolean isSettled() {
    return open.isEmpty();
  }

  boolean hasAccepted(String job) {
    return accepted.contains(job);
  }

  /// Requests without an answer yet, for people.
  Set<String> openRequests() {
    return new TreeSet<>(open);
  }

  Set<String> acceptedJobs() {
    return Set.copyOf(accepted);
  }
}
