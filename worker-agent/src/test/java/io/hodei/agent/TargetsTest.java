package io.hodei.agent;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetsTest {
  @TempDir
  private Path image = Path.of("set by JUnit");

  @Test
  void whatIsADirectoryOrNotThereIsTaken() throws Exception {
    Files.createDirectories(image.resolve("srv/data"));
    assertDoesNotThrow(() -> Targets.require(image, "/srv/data", "/srv/none/at/all", "/hodei/agent"));
  }

  @Test
  void aLinkInAnyPartOfAPathIsNamed() throws Exception {
    Files.createDirectories(image.resolve("a"));
    Files.createSymbolicLink(image.resolve("a/b"), Path.of("/hodei"));
    Files.createSymbolicLink(image.resolve("hodei"), Path.of("/nowhere"));
    assertEquals("Expected /a/b/agent to be a directory of the image, but /a/b is a link in it",
        assertThrows(IOException.class, () -> Targets.require(image, "/a", "/a/b/agent")).getMessage());
    assertEquals("Expected /a/b to be a directory of the image, but /a/b is a link in it", assertThrows(IOException.class, () -> Targets.require(image, "/a/b")).getMessage());
    assertEquals("Expected /hodei/agent to be a directory of the image, but /hodei is a link in it",
        assertThrows(IOException.class, () -> Targets.require(image, "/hodei/agent")).getMessage());
  }
}
