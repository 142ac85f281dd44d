package io.hodei.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The same seed is the same world: here, again here, and in another process, whose hashes are salted otherwise.
// proves: contract:simulate
class ReplaySimTest {
  @Test
  void aWorldIsLivedTheSameAgain() {
    for (long seed = 1; seed <= 20; seed++) {
      assertEquals(Simulation.trace(seed, null, Long.MAX_VALUE).all(), Simulation.trace(seed, null, Long.MAX_VALUE).all(), "seed " + seed);
    }
  }

  @Test
  void alsoInAnotherProcess() throws IOException, InterruptedException {
    for (long seed = 3; seed <= 5; seed++) {
      List<String> here = Simulation.trace(seed, null, Long.MAX_VALUE).all();
      Process other = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", System.getProperty("java.class.path"),
          Main.class.getName(), "--seed", Long.toString(seed), "--trace").redirectError(ProcessBuilder.Redirect.DISCARD).start();
      List<String> there = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      assertEquals(0, other.waitFor());
      assertTrue(here.size() > 100, () -> "Expected a world in which something happens, but found " + here.size() + " lines");
      assertEquals(String.join("\n", here), String.join("\n", there.subList(0, there.size() - 1)), "seed " + seed);
      assertTrue(there.getLast().contains("no promise broken"), there.getLast());
    }
  }
}
