package io.hodei.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VolumesTest {
  @TempDir
  Path directory;

  private Path place = Path.of("set before each");
  private Path given = Path.of("set before each");

  @BeforeEach
  void volume() throws IOException, InterruptedException {
    place = Files.createDirectory(directory.resolve("declared"));
    given = Files.writeString(Files.createDirectory(place.resolve("deep")).resolve("given"), "of the image");
    // Longer than the kernel's clock of files stands still.
    Thread.sleep(20);
  }

  private Volumes volumes() throws IOException {
    return Volumes.of(List.of(place, directory.resolve("missing")), Set.of(place.resolve("shared")));
  }

  private void assertChanged(Volumes volumes) throws IOException {
    assertTrue(String.valueOf(volumes.carried()).startsWith("Expected nothing of the last job for the next, but it has changed something in " + place), volumes.carried());
  }

  @Test
  void whoOnlyReadsLeavesNoTrace() throws IOException {
    var volumes = volumes();
    Files.readString(given);
    assertNull(volumes.carried());
  }

  @Test
  void aNewFileIsATrace() throws IOException {
    var volumes = volumes();
    Files.createFile(place.resolve("deep/left"));
    assertChanged(volumes);
  }

  @Test
  void whoPutsItBackHasLeftATraceToo() throws IOException {
    var volumes = volumes();
    var time = Files.getLastModifiedTime(given);
    Files.writeString(given, "OF THE IMAGE");
    Files.setLastModifiedTime(given, FileTime.fromMillis(time.toMillis()));
    assertChanged(volumes);
  }

  @Test
  void whatIsSharedOnPurposeIsNotLookedAt() throws IOException {
    var shared = Files.createDirectory(place.resolve("shared"));
    var volumes = volumes();
    Files.createFile(shared.resolve("kept"));
    assertNull(volumes.carried());
  }

  @Test
  void moreThanAnybodyLooksAtIsNoPlaceForTheNext() throws IOException {
    for (int i = 0; i <= 10_000; i++) {
      Files.createFile(place.resolve("f" + i));
    }
    assertTrue(String.valueOf(volumes().carried()).startsWith("Expected at most 10000 files in " + place));
  }

  @Test
  void whatCanBeWrittenToIsFoundAmongTheMounts() {
    assertEquals(List.of(Path.of("/dev/keep"), Path.of("/hodei/work"), Path.of("/with space")), Volumes.writable(List.of(
        "1027 973 0:49 / / rw,relatime - overlay overlay rw,lowerdir=x",
        "1030 1029 0:53 / /proc/sys rw - proc proc rw",
        "1034 1029 0:54 / /dev/mqueue rw,nosuid - mqueue mqueue rw",
        "1038 1029 254:0 /volumes/d/_data /dev/keep rw,relatime - ext4 /dev/vda rw",
        "1035 1027 254:0 /volumes/a/_data /hodei/agent ro,relatime - ext4 /dev/vda rw",
        "1036 1027 254:0 /volumes/b/_data /hodei/work rw,relatime master:1 - ext4 /dev/vda rw",
        "1037 1027 254:0 /volumes/c/_data /with\\040space rw,relatime - ext4 /dev/vda rw")));
  }
}
