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
    Scratch scratch = Scratch.of(directory, List.of());
    Files.writeString(Files.createDirectories(directory.resolve("left/deep")).resolve("file"), "left");
    Files.createSymbolicLink(directory.resolve("link"), directory.resolve("provided"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("---------"));
    assertNull(scratch.clean());
    assertEquals("rwxr-x---", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
    try (Stream<Path> found = Files.list(directory)) {
      assertEquals(List.of(directory.resolve("provided")), found.toList());
    }
  }

  @Test
  void whatElseAJobCanWriteToIsCleanedToo() throws IOException {
    Path scratch = Files.createDirectory(directory.resolve("scratch"));
    Path shared = Files.createDirectory(directory.resolve("shared"));
    Files.createFile(shared.resolve("provided"));
    Scratch both = Scratch.of(scratch, List.of(shared, directory.resolve("missing")));
    Files.writeString(Files.createDirectories(shared.resolve("left/deep")).resolve("file"), "left");
    Files.createFile(scratch.resolve("left"));
    assertNull(both.clean());
    try (Stream<Path> found = Files.list(shared); Stream<Path> none = Files.list(scratch)) {
      assertEquals(List.of(shared.resolve("provided")), found.toList());
      assertEquals(List.of(), none.toList());
    }
  }
}
