package io.hodei.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchTest {
  @TempDir
  Path directory;

  @Test
  void theNextJobFindsItAsTheFirstDid() throws IOException {
    Files.createDirectory(directory.resolve("provided"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-x---"));
    Scratch scratch = Scratch.of(directory);
    Files.writeString(Files.createDirectories(directory.resolve("left/deep")).resolve("file"), "left");
    Files.createSymbolicLink(directory.resolve("link"), directory.resolve("provided"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("---------"));
    assertNull(scratch.clean());
    assertEquals("rwxr-x---", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
    try (Stream<Path> found = Files.list(directory)) {
      assertEquals(List.of(directory.resolve("provided")), found.toList());
    }
  }
}
