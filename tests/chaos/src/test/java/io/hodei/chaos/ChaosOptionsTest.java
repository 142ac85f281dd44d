package io.hodei.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChaosOptionsTest {
  @TempDir
  private Path base = Path.of("");

  @Test
  void whatIsAskedForIsRead() {
    ChaosOptions options = ChaosOptions.parse(List.of("--minutes", "30", "--seed=-7", "--data", base.resolve("new").toString(), "--report", base.resolve("r.md").toString()));
    assertEquals(new ChaosOptions(Duration.ofMinutes(30), -7, base.resolve("new").toAbsolutePath(), base.resolve("r.md").toAbsolutePath()), options);
    ChaosOptions bare = ChaosOptions.parse(List.of());
    assertEquals(Duration.ofMinutes(2), bare.length());
    assertNull(bare.data());
  }

  @ParameterizedTest
  @CsvSource(delimiter = ';', value = {"--minutes; Expected a value after --minutes, but found none.",
      "--minutes 0; Expected a whole number from 1 to 1440 after --minutes, but found \"0\".",
      "--minutes 1441; Expected a whole number from 1 to 1440 after --minutes, but found \"1441\".",
      "--minutes 1.5; Expected a whole number from 1 to 1440 after --minutes, but found \"1.5\".",
      "--seed x; after --seed, but found \"x\".", "--rate 5; Expected an option of chaos, but found \"--rate\".", "2; Expected an option of chaos, but found \"2\".",
      "--report /nowhere/at/all.md; Expected a file that can be written after --report, but found /nowhere/at/all.md."})
  void whatIsWrongIsRefused(String arguments, String message) {
    IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> ChaosOptions.parse(List.of(arguments.split(" "))));
    assertTrue(String.valueOf(refusal.getMessage()).contains(message), refusal.getMessage());
  }

  @Test
  void aDirectoryWithSomethingInItIsRefused() throws IOException {
    Files.writeString(base.resolve("mine"), "");
    IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> ChaosOptions.parse(List.of("--data", base.toString())));
    assertTrue(String.valueOf(refusal.getMessage()).contains("Expected a new or empty directory"), refusal.getMessage());
    assertThrows(IllegalArgumentException.class, () -> ChaosOptions.parse(List.of("--data", base.resolve("mine").toString())));
  }
}
