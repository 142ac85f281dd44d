package io.hodei.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What happened, to be read by somebody. It is kept only when a seed is looked at, and changes nothing of what happens.
final class Trace {
  private record Line(long at, long step, @Nullable String job, @Nullable String worker, String text) {
    @Override
    public String toString() {
      return String.format("%9.3f s  #%-7d %-40s %s", at / 1000.0, step, (job == null ? "" : job + " ") + (worker == null ? "" : worker), text);
    }
  }

  private final List<Line> lines = new ArrayList<>();

  void add(long at, long step, @Nullable String job, @Nullable String worker, String text) {
    lines.add(new Line(at, step, job, worker, text));
  }

  List<String> all() {
    return lines.stream().map(Line::toString).toList();
  }

  /// The last ones about a job or a worker, and about every worker of that job, with what befell everybody.
  List<String> about(String subject, int most) {
    Set<String> jobs = new HashSet<>(Set.of(subject));
    Set<String> workers = new HashSet<>(Set.of(subject));
    for (Line line : lines) {
      if (subject.equals(line.job()) && line.worker() != null) {
        workers.add(line.worker());
      } else if (subject.equals(line.worker()) && line.job() != null) {
        jobs.add(line.job());
      }
    }
    List<String> found = lines.stream().filter(line -> (line.job() == null && line.worker() == null) || jobs.contains(Objects.requireNonNullElse(line.job(), ""))
        || (line.job() == null && workers.contains(Objects.requireNonNullElse(line.worker(), "")))).map(Line::toString).toList();
    return found.subList(Math.max(0, found.size() - most), found.size());
  }
}
