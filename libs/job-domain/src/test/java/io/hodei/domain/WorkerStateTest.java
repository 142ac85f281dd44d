package io.hodei.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The worker's transition table is the seeds' one, to the letter.
// proves: seed:worker-transitions
class WorkerStateTest {
  private static final Map<WorkerState, String> SEEDS = Map.of(
      WorkerState.CREATING, "CONNECTING TERMINATING",
      WorkerState.CONNECTING, "READY TERMINATING",
      WorkerState.READY, "BUSY DRAINING TERMINATING",
      WorkerState.BUSY, "READY DRAINING TERMINATING",
      WorkerState.DRAINING, "READY TERMINATING",
      WorkerState.TERMINATING, "TERMINATED",
      WorkerState.TERMINATED, "");

  @Test
  void everyPairIsAsInTheSeeds() {
    for (WorkerState from : WorkerState.values()) {
      Set<String> allowed = Set.of(SEEDS.get(from).isEmpty() ? new String[0] : SEEDS.get(from).split(" "));
      for (WorkerState to : WorkerState.values()) {
        assertEquals(allowed.contains(to.name()), from.canTransitionTo(to), from + " → " + to);
      }
    }
  }

  @Test
  void theSameStateIsNoTransitionAndOnlyTerminatedIsTerminal() {
    for (WorkerState state : WorkerState.values()) {
      assertFalse(state.canTransitionTo(state), state.name());
      assertEquals(state == WorkerState.TERMINATED, state.isTerminal(), state.name());
    }
  }

  /// They say nothing of how fast Hodei cleans up.
  @Test
  void aPersonOrATimeThatIsOverEndsAWorkerByIntent() {
    assertEquals(List.of(TerminationReason.TTL_EXPIRED, TerminationReason.MANUAL), Stream.of(TerminationReason.values()).filter(TerminationReason::isByIntent).toList());
  }

  @Test
  void theLastFiftyTransitionsOfAJobAreKept() {
    JobHistory history = JobHistory.NONE;
    for (int i = 1; i <= JobHistory.KEPT + 2; i++) {
      history = history.with(new Transition(Instant.ofEpochSecond(i), "JobQueued", i, null, null));
    }
    assertEquals(JobHistory.KEPT, history.transitions().size());
    assertEquals(Instant.ofEpochSecond(3), history.transitions().getFirst().at());
    assertEquals(JobHistory.KEPT + 2, history.sequence());
  }
}
