package io.hodei.benchmarks;

import io.hodei.testkit.Crowd;
import io.hodei.testkit.Installation;
import io.hodei.testkit.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/// A garbage collection cycle over 10,000 rows and 10,000 items, of which 3,000 are orphans and 500 ghosts: from the look's last page to the
/// answer; beside it, a bare consumer that reads and decodes the same rows. Run: `./hodei test GcBench`.
class GcBench {
  private static final int CYCLES = 10;

  @Test
  void tenThousandRowsAndItems() {
    try (Installation hodei = Installation.start(false, "hodei.gc.interval: \"600s\""); Crowd crowd = Crowd.of(hodei)) {
      List<Long> cycles = new ArrayList<>();
      for (int i = 0; i < CYCLES; i++) {
        cycles.add(crowd.cycle().afterTheLook().toMillis());
      }
      Topics topics = Topics.of(hodei);
      List<Long> reads = new ArrayList<>();
      for (int i = 0; i < CYCLES; i++) {
        long began = System.nanoTime();
        topics.records(Crowd.topic("worker-state"));
        reads.add((System.nanoTime() - began) / 1_000_000);
      }
      long first = cycles.removeFirst();
      System.out.printf(Locale.ROOT, "first cycle, ms: %d%n", first);
      print("cycle, from the look to the answer, ms", cycles);
      print("baseline: a bare consumer reads and decodes the rows, ms", reads);
      System.out.printf(Locale.ROOT, "cycle / baseline, P50: %.2f%n", (double) median(cycles) / Math.max(1, median(reads)));
    }
  }

  private static void print(String what, List<Long> values) {
    System.out.printf(Locale.ROOT, "%s: P50 %d, max %d%n", what, median(values), values.stream().mapToLong(Long::longValue).max().orElse(0));
  }

  private static long median(List<Long> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
