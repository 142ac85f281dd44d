package io.hodei.benchmarks;

import io.hodei.testkit.Installation;
import io.hodei.testkit.ProcessTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What the benchmarks count, from /proc, and how they sum it up.
final class Figures {
  private static final double TICKS_PER_SECOND = 100;

  private Figures() {}

  static long percentile(List<Long> values, int percent) {
    List<Long> sorted = values.stream().sorted().toList();
    return sorted.get(Math.min(sorted.size() - 1, (int) Math.ceil(sorted.size() * percent / 100.0) - 1));
  }

  /// User and system seconds of `up` and its children.
  static double cpuOf(Installation hodei) {
    return cpuOf(each -> each.pid() == hodei.pid() || isChildOf(each.pid(), hodei.pid()));
  }

  /// User and system seconds of these processes so far.
  static double cpuOf(Predicate<ProcessTable.Entry> which) {
    return ProcessTable.all(which).stream().mapToDouble(each -> cpuOf(each.pid())).sum();
  }

  /// Seconds that all cores together have worked, for whomever.
  static double busy() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
      long[] ticks = Arrays.stream(lines.findFirst().orElseThrow().substring(3).strip().split(" +")).mapToLong(Long::parseLong).toArray();
      // user, nice, system, idle, iowait, irq, softirq
      return (ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6]) / TICKS_PER_SECOND;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isChildOf(long pid, long parent) {
    return ProcessHandle.of(pid).flatMap(ProcessHandle::parent).map(found -> found.pid() == parent).orElse(false);
  }

  private static double cpuOf(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
