package io.hodei.chaos;

import io.hodei.testkit.Event;
import io.hodei.testkit.History;
import io.hodei.testkit.Violation;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// The tables of a run, as Markdown that is also fit to be read on a terminal.
final class Report {
  private static final List<String> STATES = List.of("SUCCEEDED", "FAILED", "CANCELLED", "TIMEOUT");

  private Report() {}

  static String of(Plan plan, List<FaultRun.Done> faults, History history, List<Violation> violations, Duration took) {
    return head(plan, faults, history, violations, took) + "\n" + faultTable(faults) + "\n" + jobTable(history) + "\n" + violationTable(violations);
  }

  private static String head(Plan plan, List<FaultRun.Done> faults, History history, List<Violation> violations, Duration took) {
    long attempts = history.jobEvents().stream().filter(event -> event.beginsAttempt()).count();
    long reused = history.jobEvents().stream().filter(event -> event.is("JobSubmitted") && Chaos.REUSED.equals(event.pool())).count();
    return String.format(Locale.ROOT, "seed %d, %d min (%d s in all): %d jobs (%d of them on reusable workers) in %d attempts, %d faults, %d violations%n"
        + "judged: %d events, %d audit rows, %d marks of attempts, %d sightings of workers, %d logs%n", plan.seed(), plan.length().toMinutes(),
        took.toSeconds(), history.acceptedByJob().size(), reused, attempts, faults.size(), violations.size(),
        history.jobEvents().size() + history.workerEvents().size() + history.gcEvents().size(), history.audit().size(), history.marks().size(),
        history.sightings().size(), history.logs().size());
  }

  private static String faultTable(List<FaultRun.Done> done) {
    Map<FaultKind, List<FaultRun.Done>> byKind = new EnumMap<>(FaultKind.class);
    done.forEach(each -> byKind.computeIfAbsent(each.fault().kind(), none -> new java.util.ArrayList<>()).add(each));
    StringBuilder table = new StringBuilder(row("fault", "times", "lasted, longest", "ready after, longest")).append(row("---", "--:", "--:", "--:"));
    byKind.forEach((kind, all) -> table.append(row(kind.words(), Integer.toString(all.size()), seconds(all.stream().map(each -> each.fault().length())
        .max(Comparator.naturalOrder()).orElseThrow()), seconds(all.stream().map(FaultRun.Done::readyAfter).max(Comparator.naturalOrder()).orElseThrow()))));
    return table.toString();
  }

  private static String jobTable(History history) {
    Map<String, Map<String, Integer>> counts = new TreeMap<>();
    Map<String, List<Event>> events = history.eventsByJob();
    history.acceptedByJob().forEach((job, submission) -> {
      Event end = History.completion(events.getOrDefault(job, List.of()));
      Map<String, Integer> row = counts.computeIfAbsent(submission.kind(), none -> new TreeMap<>());
      row.merge("jobs", 1, Integer::sum);
      row.merge(end == null ? "open" : String.valueOf(end.to()), 1, Integer::sum);
      if (end != null && JobKind.isByAFault(String.valueOf(end.to()), String.valueOf(end.reason()))) {
        row.merge("by a fault", 1, Integer::sum);
      }
    });
    StringBuilder table = new StringBuilder(row("jobs", "accepted", "SUCCEEDED", "FAILED", "CANCELLED", "TIMEOUT", "FAILED by a fault"))
        .append(row("---", "--:", "--:", "--:", "--:", "--:", "--:"));
    counts.forEach((kind, row) -> table.append(row(kind, count(row, "jobs"), count(row, STATES.get(0)), count(row, STATES.get(1)), count(row, STATES.get(2)),
        count(row, STATES.get(3)), count(row, "by a fault"))));
    return table.toString();
  }

  private static String violationTable(List<Violation> violations) {
    if (violations.isEmpty()) {
      return "No violation.\n";
    }
    StringBuilder table = new StringBuilder(row("promise", "of", "what was seen")).append(row("---", "---", "---"));
    violations.forEach(each -> table.append(row(each.promise(), each.subject(), each.sentence().replace("|", "\\|").replace("\n", " "))));
    return table.toString();
  }

  private static String count(Map<String, Integer> row, String column) {
    return Integer.toString(row.getOrDefault(column, 0));
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
  }

  private static String row(String... cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }
}
