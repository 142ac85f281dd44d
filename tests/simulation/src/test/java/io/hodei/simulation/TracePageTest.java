package io.hodei.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.hodei.simulation.Simulation.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The trace that docs/simulator.md explains is one that the simulator prints: its verdict is compared, since that changes with whatever leads to it.
/// Written anew by `./hodei docs`; whoever does so sees whether the explanation still fits.
// proves: contract:simulate
class TracePageTest {
  private static final Path PAGE = Tree.root().resolve("docs/simulator.md");
  private static final Mutant MUTANT = Mutant.DESTROY_OVERTAKEN;
  private static final long SEED = 3;
  private static final String COMMAND = "./hodei simulate --seed " + SEED + " --mutant " + MUTANT;
  private static final String FENCE = "```";
  private static final int SHOWN = 18;
  private static final int WIDEST = 170;

  @Test
  void theTraceOfThePageIsTheSimulators() throws IOException {
    Verdict verdict = Simulation.run(SEED, MUTANT);
    assertNotNull(verdict.broken(), COMMAND + " finds nothing any more; choose another seed");
    List<String> told = Simulation.text(verdict, MUTANT).lines().toList();
    List<String> page = new ArrayList<>(Files.readAllLines(PAGE));
    int from = page.indexOf(FENCE + "console") + 1;
    List<String> shown = page.subList(from, from + page.subList(from, page.size()).indexOf(FENCE));
    if (Boolean.getBoolean("hodei.docs.write")) {
      shown.clear();
      shown.add("$ " + COMMAND);
      shown.add(told.getFirst());
      told.subList(Math.max(1, told.size() - 1 - SHOWN), told.size()).forEach(line -> shown.add(line.length() > WIDEST ? line.substring(0, WIDEST) + "…" : line));
      Files.write(PAGE, page);
    }
    assertEquals(List.of("$ " + COMMAND, told.getFirst()), shown.subList(0, 2), "the trace of docs/simulator.md; write it with ./hodei docs, and read what is said of it");
  }
}
