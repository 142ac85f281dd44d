package io.hodei.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Map;
import java.util.Set;
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
}
