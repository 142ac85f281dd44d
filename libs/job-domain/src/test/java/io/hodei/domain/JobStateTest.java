package io.hodei.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The job's transition table is the seeds' one, to the letter.
// proves: seed:job-transitions
class JobStateTest {
  private static final Map<JobState, String> SEEDS = Map.of(
      JobState.PENDING, "SCHEDULED ASSIGNED FAILED CANCELLED TIMEOUT",
      JobState.SCHEDULED, "ASSIGNED PENDING FAILED CANCELLED TIMEOUT",
      JobState.ASSIGNED, "RUNNING PENDING FAILED CANCELLED TIMEOUT",
      JobState.RUNNING, "SUCCEEDED FAILED CANCELLED TIMEOUT PENDING",
      JobState.SUCCEEDED, "", JobState.FAILED, "", JobState.CANCELLED, "", JobState.TIMEOUT, "");

  @Test
  void everyPairIsAsInTheSeeds() {
    for (JobState from : JobState.values()) {
      Set<String> allowed = Set.of(SEEDS.get(from).isEmpty() ? new String[0] : SEEDS.get(from).split(" "));
      for (JobState to : JobState.values()) {
        assertEquals(allowed.contains(to.name()), from.canTransitionTo(to), from + " → " + to);
      }
    }
  }

  @Test
  void theSameStateIsNoTransition() {
    for (JobState state : JobState.values()) {
      assertFalse(state.canTransitionTo(state), state.name());
    }
  }

  @Test
  void exactlyTheFourEndsAreTerminal() {
    EnumSet<JobState> terminal = EnumSet.noneOf(JobState.class);
    for (JobState state : JobState.values()) {
      if (state.isTerminal()) {
        terminal.add(state);
      }
    }
    assertEquals(EnumSet.of(JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED, JobState.TIMEOUT), terminal);
  }
}
