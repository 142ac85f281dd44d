package io.hodei.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
    Scratch scratch = Scratch.of(directory, List.of(), List.of());
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
    Files.setAttribute(shared, "unix:mode", 01777);
    Scratch both = Scratch.of(scratch, List.of(shared, directory.resolve("missing")), List.of());
    Files.writeString(Files.createDirectories(shared.resolve("left/deep")).resolve("file"), "left");
    Files.createFile(scratch.resolve("left"));
    Files.setAttribute(shared, "unix:mode", 0555);
    assertNull(both.clean());
    assertEquals(01777, (int) Files.getAttribute(shared, "unix:mode") & 07777);
    try (Stream<Path> found = Files.list(shared); Stream<Path> none = Files.list(scratch)) {
      assertEquals(List.of(shared.resolve("provided")), found.toList());
      assertEquals(List.of(), none.toList());
    }
  }

  @Test
  void aTableOfTheKernelHasNoNewRow() throws IOException {
    Path table = Files.writeString(directory.resolve("shm"), "       key      shmid perms       size  cpid\n   2220609      32777   600         56  4578\n");
    Scratch scratch = Scratch.of(Files.createDirectory(directory.resolve("scratch")), List.of(), List.of(table, directory.resolve("missing")));
    Files.writeString(table, "       key      shmid perms       size  cpid\n   2220609      32777   600         56  9999\n");
    assertNull(scratch.clean());
    Files.writeString(table, "       key      shmid perms       size  cpid\n         0      32778   600         56  4578\n");
    assertTrue(String.valueOf(scratch.clean()).endsWith("it has left something in " + table + "."));
  }
}
