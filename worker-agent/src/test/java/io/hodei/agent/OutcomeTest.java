package io.hodei.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutcomeTest {
  @ParameterizedTest
  @CsvSource({
    "0, EXIT_CODE, 0", "1, EXIT_CODE, 0", "128, EXIT_CODE, 0", "129, SIGNAL, 1", "137, SIGNAL, 9", "192, SIGNAL, 64",
    "193, EXIT_CODE, 0", "255, EXIT_CODE, 0",
  })
  void theExitStatusIsAlwaysTheExitCode(int status, String reason, int signal) {
    var outcome = Outcome.exited(status);

    assertEquals(status, outcome.exitCode());
    assertEquals(reason, outcome.reason());
    assertEquals(signal, outcome.signal());
  }
}
