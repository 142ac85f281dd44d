package io.hodei.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The script in a checkout in which nothing could be built.
class HodeiScriptTest {
  @TempDir
  private Path checkout = Path.of("set by JUnit");

  @BeforeEach
  void barely() throws IOException {
    Files.createFile(checkout.resolve("pom.xml"));
    for (String file : List.of("hodei", "tests/chaos/src/main/java/io/hodei/chaos/ChaosOptions.java", "tests/simulation/src/main/java/io/hodei/simulation/SimulateOptions.java")) {
      Path to = checkout.resolve(file);
      Files.createDirectories(to.getParent());
      Files.copy(Shell.checkout().resolve(file), to, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
    }
  }

  private Ran hodei(String... words) {
    List<String> command = new java.util.ArrayList<>(List.of(words));
    command.addFirst(checkout.resolve("hodei").toString());
    return Shell.run(Map.of(), checkout, command);
  }

  @ParameterizedTest
  @CsvSource({"simulate --sedes 5,an option of simulate but found \"--sedes\"", "simulate --trace 5,an option of simulate but found \"5\"", "simulate --seed,a value after --seed but found none",
      "chaos 10,an option of chaos but found \"10\"", "chaos --minutes,a value after --minutes but found none", "chaos --minutes 2 --trace,an option of chaos but found \"--trace\""})
  void wrongWordsAreRefusedBeforeABuild(String words, String refusal) {
    Ran ran = hodei(words.split(" "));
    assertEquals(2, ran.exit(), ran.err());
    assertTrue(ran.err().startsWith("Error: Expected " + refusal.replace(" but found", ", but found") + "."), ran.err());
    assertFalse(Files.exists(checkout.resolve("build")));
  }

  @Test
  void helpNeedsNoBuild() {
    assertTrue(hodei("simulate", "--help").exits(0).out().startsWith("Usage: hodei simulate [--seeds N]"));
    assertTrue(hodei("chaos", "-h").exits(0).out().startsWith("Usage: hodei chaos [--minutes 2]"));
  }

  /// In vain, here.
  @Test
  void rightWordsAreBuiltFor() {
    Ran ran = hodei("simulate", "--trace", "--seed", "-5");
    assertEquals(125, ran.exit(), ran.err());
    assertFalse(ran.err().contains("Expected an option"), ran.err());
  }
}
