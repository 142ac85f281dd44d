package io.hodei.providers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryRemovalTest {
  @TempDir
  Path folder;

  private void assertGone(Path path) {
    assertFalse(Files.exists(path, LinkOption.NOFOLLOW_LINKS), path + " is left");
  }

  @Test
  void linksAreRemovedAndNotFollowed() throws Exception {
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Path precious = Files.writeString(outside.resolve("precious"), "42");
    Path top = Files.createDirectories(folder.resolve("top/sub"));
    Files.createSymbolicLink(top.resolve("out"), outside);
    Files.createSymbolicLink(top.resolve("file"), precious);
    Files.createSymbolicLink(top.resolve("dangling"), Path.of("nowhere"));
    DirectoryRemoval.of(top.getParent());
    assertGone(top.getParent());
    assertEquals("42", Files.readString(precious));
  }

  @Test
  void aLinkInPlaceOfTheDirectoryIsRemovedAlone() throws Exception {
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Files.writeString(outside.resolve("precious"), "42");
    Path link = Files.createSymbolicLink(folder.resolve("top"), outside);
    DirectoryRemoval.of(link);
    assertGone(link);
    assertEquals("42", Files.readString(outside.resolve("precious")));
  }

  @Test
  void closedDirectoriesAreOpened() throws Exception {
    Path top = folder.resolve("top");
    Files.createDirectories(top.resolve("a/b/c"));
    Files.writeString(top.resolve("a/b/f"), "x");
    for (String closed : new String[] {"a/b/c", "a/b", "a"}) {
      Files.setPosixFilePermissions(top.resolve(closed), PosixFilePermissions.fromString("---------"));
    }
    DirectoryRemoval.of(top);
    assertGone(top);
  }

  @Test
  void depthBeyondAnyPathLengthIsNoObstacle() throws Exception {
    Path top = Files.createDirectory(folder.resolve("top"));
    Process deep = new ProcessBuilder("sh", "-c",
        "i=0; while [ $i -lt 400 ]; do mkdir ddddddddddddddddddddddddd; cd -P ddddddddddddddddddddddddd || exit 1; : > f; i=$((i+1)); done")
        .directory(top.toFile()).start();
    assertEquals(0, deep.waitFor());
    DirectoryRemoval.of(top);
    assertGone(top);
  }

  @Test
  void whatIsMissingIsRemovedAlready() throws Exception {
    DirectoryRemoval.of(folder.resolve("never"));
  }
}
