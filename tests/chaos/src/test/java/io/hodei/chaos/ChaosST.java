package io.hodei.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.testkit.ProcessTable;
import io.hodei.testkit.Ran;
import io.hodei.testkit.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two minutes of chaos, as a user runs it.
class ChaosST {
  private static final String SEED = "7";

  @TempDir
  private Path base = Path.of("");

  // proves: contract:chaos, promise:9, invariant:I1, invariant:I2, invariant:I3, invariant:I4, invariant:I5, invariant:I6, invariant:I7, invariant:I8
  // proves: invariant:I9, invariant:I10, invariant:I12
  @Test
  void twoMinutesBreakNoPromise() throws IOException {
    Path report = base.resolve("report.md");
    Path data = base.resolve("run");
    List<String> command = List.of(Shell.checkout().resolve("hodei").toString(), "chaos", "--minutes", "2", "--seed", SEED, "--data", data.toString(),
        "--report", report.toString());
    Ran ran = Shell.run(Map.of(), base, command, Duration.ofMinutes(20));
    System.out.println(ran.out());
    ran.exits(0);
    Plan plan = Plan.of(Long.parseLong(SEED), Duration.ofMinutes(2));
    String table = Files.readString(report);
    assertTrue(ran.out().endsWith(table), "the same table on the terminal and in the file");
    assertTrue(table.startsWith("seed 7, 2 min"), table);
    assertTrue(table.contains(plan.jobs().size() + " jobs (") && table.contains(plan.faults().size() + " faults, 0 violations"), table);
    assertFalse(Files.exists(data), "nothing is left of a good run");
    assertEquals(List.of(), ProcessTable.named(data.toString()), "nothing runs on");
  }

  // proves: contract:chaos
  @Test
  void wrongUsageIsRefused() {
    Ran ran = Shell.hodei(Map.of(), base, List.of("chaos", "--minutes", "0"));
    assertEquals(2, ran.exit(), ran.err());
    assertEquals("Error: Expected a whole number from 1 to 1440 after --minutes, but found \"0\".\n", ran.err());
    assertTrue(Shell.hodei(Map.of(), base, List.of("chaos", "--help")).exits(0).out().startsWith("Usage: hodei chaos"));
  }
}
