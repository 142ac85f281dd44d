package io.hodei.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.EnumSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlanTest {
  private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);

  static LongStream seeds() {
    return LongStream.of(0, 1, 7, -1, 42, Long.MAX_VALUE, Long.MIN_VALUE);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theSameSeedIsTheSamePlan(long seed) {
    assertEquals(Plan.of(seed, HALF_AN_HOUR), Plan.of(seed, HALF_AN_HOUR));
    assertNotEquals(Plan.of(seed, HALF_AN_HOUR).faults(), Plan.of(seed ^ 1, HALF_AN_HOUR).faults());
    assertNotEquals(Plan.of(seed, HALF_AN_HOUR).jobs(), Plan.of(seed ^ 1, HALF_AN_HOUR).jobs());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void halfAnHourIsEnoughOfEverything(long seed) {
    Plan plan = Plan.of(seed, HALF_AN_HOUR);
    assertTrue(plan.jobs().size() >= 3_000, () -> plan.jobs().size() + " jobs");
    assertTrue(plan.faults().size() >= 60, () -> plan.faults().size() + " faults");
    assertEquals(EnumSet.allOf(FaultKind.class), plan.faults().stream().map(PlannedFault::kind).collect(Collectors.toSet()));
    assertEquals(EnumSet.allOf(JobKind.class), plan.jobs().stream().map(PlannedJob::kind).collect(Collectors.toSet()));
    assertEquals(EnumSet.allOf(PlannedJob.Way.class), plan.jobs().stream().map(PlannedJob::way).collect(Collectors.toSet()));
    assertEquals(EnumSet.allOf(JobKind.class), plan.jobs().stream().filter(PlannedJob::reused).map(PlannedJob::kind).collect(Collectors.toSet()));
    assertTrue(plan.faults().stream().map(PlannedFault::at).distinct().count() < plan.faults().size(), "two at once now and then");
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void faultsComeWhileTheLoadRuns(long seed) {
    Plan plan = Plan.of(seed, Duration.ofMinutes(2));
    assertFalse(plan.faults().isEmpty());
    assertTrue(plan.faults().stream().allMatch(fault -> fault.at().compareTo(Duration.ofSeconds(8)) >= 0 && fault.at().compareTo(Duration.ofSeconds(112)) < 0));
    assertTrue(plan.faults().stream().filter(fault -> fault.kind() == FaultKind.DISPATCHER_FENCED)
        .allMatch(fault -> fault.length().compareTo(Duration.ofSeconds(10)) > 0));
    assertTrue(plan.jobs().getLast().at().compareTo(Duration.ofMinutes(2)) < 0);
  }

  @Test
  void cancelledKindsAreCancelledAndNoOthers() {
    Plan.of(7, HALF_AN_HOUR).jobs().forEach(job -> assertEquals(job.kind() == JobKind.CANCELLED_EARLY || job.kind() == JobKind.CANCELLED_RUNNING,
        job.cancelAfter() != null, job.toString()));
  }
}
