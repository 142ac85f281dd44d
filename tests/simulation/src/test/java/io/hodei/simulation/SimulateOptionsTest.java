package io.hodei.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulateOptionsTest {
  @Test
  void aThousandWorldsFromTheFirstUnlessSaidOtherwise() {
    assertEquals(new SimulateOptions(1, 1_000, false, null), SimulateOptions.parse(List.of()));
    assertEquals(new SimulateOptions(8, 20, false, Mutant.SECOND_OFFER), SimulateOptions.parse(List.of("--seeds=20", "--from", "8", "--mutant", "SECOND_OFFER")));
  }

  @Test
  void oneWorldWithItsTrace() {
    assertEquals(new SimulateOptions(-7, 1, true, null), SimulateOptions.parse(List.of("--seed", "-7", "--trace")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--seeds", "--seeds 0", "--seeds x", "--trace", "--mutant NOBODY", "--fast", "--seed 3 --seeds 2", "--from 9 --seed 3 --trace"})
  void wrongUsageSaysWhatWasExpected(String words) {
    String told = assertThrows(IllegalArgumentException.class, () -> SimulateOptions.parse(List.of(words.split(" ")))).getMessage();
    assertTrue(told.startsWith("Expected "), told);
  }
}
