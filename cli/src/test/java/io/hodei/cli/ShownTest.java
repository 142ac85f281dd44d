package io.hodei.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tables and times as people see them.
class ShownTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  @Test
  void columnsAreAlignedAndEmptyCellsAreDashes() {
    Table table = new Table(false, "A", "LONG", "C");
    table.row("wide cell", null, "");
    table.row("ü", 3, "x\ty");
    assertEquals("""
        A          LONG  C
        wide cell  -     -
        ü          3     x y""", table.toString());
  }

  @ParameterizedTest
  @CsvSource({"0, 0.0 s", "49, 0.0 s", "50, 0.1 s", "449, 0.4 s", "9949, 9.9 s", "9950, 10 s", "10000, 10 s", "61000, 1 min 1 s", "120000, 2 min", "3600000, 1 h",
      "5400000, 1 h 30 min", "200000000, 2 d", "-5, 0.0 s"})
  void spans(long ms, String text) {
    assertEquals(text, Times.span(Duration.ofMillis(ms)));
  }

  @ParameterizedTest
  @CsvSource({"2026-11-21T11:59:56.000Z, 4s", "2026-11-21T11:00:00Z, 60m", "2026-11-20T12:00:00Z, 24h", "2026-11-11T12:00:00Z, 10d", "2026-11-21T12:00:09Z, 0s"})
  void ages(String time, String age) {
    assertEquals(age, Times.age(time, NOW));
  }

  @Test
  void pointsInTime() {
    assertEquals("2026-11-21T11:50:00Z", Times.point("--since", "10m", NOW));
    assertEquals("2026-11-21T11:50:00.5Z", Times.point("--since", "2026-11-21T11:50:00.5Z", NOW));
    assertNull(Times.point("--since", null, NOW));
    assertNull(Times.age("nonsense", NOW));
    assertEquals(2, assertThrows(Failure.class, () -> Times.point("--since", "noon", NOW)).exitCode());
  }
}
