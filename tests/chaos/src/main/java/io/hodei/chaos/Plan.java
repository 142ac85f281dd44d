package io.hodei.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// What happens when: a pure function of seed and length.
record Plan(long seed, Duration length, List<PlannedFault> faults, List<PlannedJob> jobs) {
  /// A job costs a third of a CPU second: this keeps two cores busy and not behind.
  private static final double JOBS_PER_SECOND = 1.9;
  private static final int BETWEEN_FAULTS_MS = 17_000;
  /// At the beginning all is well for a while, and at the end mended.
  private static final Duration CALM = Duration.ofSeconds(8);

  static Plan of(long seed, Duration length) {
    return new Plan(seed, length, faults(new Random(seed), length), jobs(new Random(~seed), length));
  }

  /// Kinds are dealt from a shuffled deck, so that each comes before any comes again; now and then two at once.
  private static List<PlannedFault> faults(Random random, Duration length) {
    List<PlannedFault> faults = new ArrayList<>();
    List<FaultKind> deck = new ArrayList<>();
    long at = CALM.toMillis() + random.nextInt(4_000);
    while (at < length.minus(CALM).toMillis()) {
      int together = random.nextInt(5) == 0 ? 2 : 1;
      for (int i = 0; i < together; i++) {
        if (deck.isEmpty()) {
          deck.addAll(List.of(FaultKind.values()));
          Collections.shuffle(deck, random);
        }
        FaultKind kind = deck.removeLast();
        faults.add(new PlannedFault(Duration.ofMillis(at), kind, kind.length(random), random.nextInt(1_000)));
      }
      at += BETWEEN_FAULTS_MS - 4_000 + random.nextInt(8_000);
    }
    return List.copyOf(faults);
  }

  private static List<PlannedJob> jobs(Random random, Duration length) {
    List<PlannedJob> jobs = new ArrayList<>();
    int count = (int) (length.toMillis() / 1_000.0 * JOBS_PER_SECOND);
    for (int number = 0; number < count; number++) {
      JobKind kind = JobKind.draw(random);
      PlannedJob.Way[] ways = PlannedJob.Way.values();
      PlannedJob.Way way = ways[random.nextInt(ways.length)];
      Duration at = Duration.ofMillis((long) (random.nextDouble() * length.toMillis()));
      jobs.add(new PlannedJob(at, number, kind, kind.size(random), kind.maxAttempts(random), way, random.nextInt(3) == 0, random.nextInt(6) == 0,
          cancelAfter(kind, random)));
    }
    jobs.sort(Comparator.comparing(PlannedJob::at));
    return List.copyOf(jobs);
  }

  private static @Nullable Duration cancelAfter(JobKind kind, Random random) {
    return switch (kind) {
      case CANCELLED_EARLY -> Duration.ofMillis(random.nextInt(300));
      case CANCELLED_RUNNING -> Duration.ofMillis(1_500 + random.nextInt(4_000));
      case SHORT, FLAKY, FAILING, LONG, TIMED_OUT, KILLS_ITS_AGENT, NOISY -> null;
    };
  }
}
