package io.hodei.chaos;

import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/// Kinds of jobs, with their share of a hundred. The order is part of the plan.
enum JobKind {
  SHORT(42, "SUCCEEDED"), FLAKY(10, "SUCCEEDED"), FAILING(8, "FAILED/EXIT_CODE"), LONG(14, "SUCCEEDED"), CANCELLED_EARLY(6, "CANCELLED", "SUCCEEDED"),
  CANCELLED_RUNNING(6, "CANCELLED", "SUCCEEDED"), TIMED_OUT(5, "TIMEOUT"), KILLS_ITS_AGENT(4, "SUCCEEDED"), NOISY(5, "SUCCEEDED");

  /// What a fault may make of any job whose attempts are used up. The cancelled ones may also have succeeded before their cancel came.
  private static final Set<String> BY_A_FAULT = Set.of("FAILED/WORKER_LOST", "FAILED/PROVISION_FAILED", "FAILED/START_FAILED");

  private final int share;
  private final Set<String> endings;

  JobKind(int share, String... endings) {
    this.share = share;
    this.endings = Set.of(endings);
  }

  /// What may become of such a job, as a `Submission` has it.
  Set<String> endings() {
    Set<String> all = new TreeSet<>(endings);
    all.addAll(BY_A_FAULT);
    return all;
  }

  static boolean isByAFault(String state, String reason) {
    return BY_A_FAULT.contains(state + "/" + reason);
  }

  /// In words: `kills its agent`.
  String words() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }

  static JobKind draw(Random random) {
    int left = random.nextInt(100);
    for (JobKind kind : values()) {
      left -= kind.share;
      if (left < 0) {
        return kind;
      }
    }
    throw new IllegalStateException("Expected shares of a hundred in all");
  }

  /// Lines that it writes, or seconds that it lasts.
  int size(Random random) {
    return switch (this) {
      case SHORT, FLAKY, FAILING -> 3 + random.nextInt(8);
      case LONG -> 2 + random.nextInt(19);
      case CANCELLED_EARLY, CANCELLED_RUNNING, TIMED_OUT -> 20;
      case KILLS_ITS_AGENT -> 2;
      case NOISY -> 1_000 + random.nextInt(4_000);
    };
  }

  int maxAttempts(Random random) {
    return switch (this) {
      case SHORT, CANCELLED_EARLY, CANCELLED_RUNNING, TIMED_OUT -> 1;
      case FLAKY -> 2 + random.nextInt(2);
      case FAILING, LONG, KILLS_ITS_AGENT, NOISY -> 2;
    };
  }
}
