package io.hodei.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.simulation.Simulation.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whoever breaks Hodei on purpose is found out within a thousand worlds.
// proves: contract:simulate
class MutantsSimTest {
  private static final int WORLDS = 1_000;
  private static final Path PAGE = Tree.root().resolve("docs/mutants.md");

  @ParameterizedTest
  @EnumSource(Mutant.class)
  void isFound(Mutant mutant) throws InterruptedException {
    Runs.Total total = Runs.run(WORLDS, number -> 1 + number, mutant, 1, System.out::println);
    total.broken().stream().limit(1).forEach(verdict -> System.out.println(Simulation.text(verdict, mutant)));
    assertTrue(!total.broken().isEmpty(), () -> mutant + " was not found in " + WORLDS + " worlds; which checker should have noticed?");
  }

  /// Written by `./hodei docs`; the seeds are those of the sources at that time, later ones may be found by others.
  @Test
  void thePageNamesThemAll() throws IOException {
    if (Boolean.getBoolean("hodei.docs.write")) {
      Files.writeString(PAGE, page());
    }
    List<String> told = Files.readAllLines(PAGE).stream().filter(line -> line.startsWith("| `")).map(line -> line.split("\\|")[1].trim() + " " + line.split("\\|")[2].trim()).toList();
    assertEquals(Arrays.stream(Mutant.values()).map(mutant -> "`" + mutant + "` " + mutant.what()).toList(), told, "rows of docs/mutants.md; write it with: ./hodei docs");
  }

  private static String page() {
    StringBuilder page = new StringBuilder("""
        # Mutants

        Generated from `io.hodei.simulation.Mutant`; do not edit. To write it anew: `./hodei docs`.

        Mistakes on purpose: each is put around the real decisions, and the simulator must notice it within 1,000 worlds, whatever the sources are
        (`MutantsSimTest`). The seed is the first from 1 on that found it when this page was written; look at it with `./hodei simulate --seed S --trace --mutant NAME`.

        | mutant | what is broken | found by seed | at step | broken promise | what was seen |
        |---|---|---|---|---|---|
        """);
    for (Mutant mutant : Mutant.values()) {
      Verdict verdict = firstOf(mutant);
      Broken broken = verdict.broken();
      if (broken != null) {
        page.append("| `").append(mutant).append("` | ").append(mutant.what()).append(" | ").append(verdict.seed()).append(" | ").append(broken.step()).append(" | ")
            .append(broken.promise()).append(" | ").append(broken.subject()).append(": ").append(broken.sentence().replace("|", "\\|")).append(" |\n");
      }
    }
    return page.toString();
  }

  private static Verdict firstOf(Mutant mutant) {
    List<Verdict> found = new ArrayList<>();
    for (long seed = 1; found.isEmpty() && seed <= WORLDS; seed++) {
      Verdict verdict = Simulation.run(seed, mutant);
      if (verdict.broken() != null) {
        found.add(verdict);
      }
    }
    assertTrue(!found.isEmpty(), () -> mutant + " was not found in " + WORLDS + " worlds");
    return found.getFirst();
  }
}
