package io.hodei.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
  @TempDir
  private Path temporary = Path.of("set by JUnit");

  @Test
  void aNewDirectoryBelongsToItsOwnerOnly() throws Exception {
    DataDirectory directory = prepared();

    assertTrue(directory.isOurs());
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.root())));
  }

  @Test
  void aDirectoryWithOtherFilesIsRefusedAndLeftAsItIs() throws Exception {
    Files.writeString(temporary.resolve("thesis.txt"), "years of work");

    String refusal = assertThrows(StandaloneException.class, () -> new DataDirectory(temporary).prepare()).getMessage();

    assertTrue(refusal.contains("holds other files"), refusal);
    assertEquals(1, temporary.toFile().list().length);
  }

  @Test
  void aFileIsRefused() throws Exception {
    Path file = Files.writeString(temporary.resolve("file"), "");

    String refusal = assertThrows(StandaloneException.class, () -> new DataDirectory(file).prepare()).getMessage();

    assertTrue(refusal.contains("but it is a file"), refusal);
  }

  @Test
  void aDirectoryBelowAFileIsRefusedInWords() throws Exception {
    Path file = Files.writeString(temporary.resolve("file"), "");

    String refusal = assertThrows(StandaloneException.class, () -> new DataDirectory(file.resolve("data")).prepare()).getMessage();

    assertTrue(refusal.startsWith("Expected to write in "), refusal);
    assertTrue(refusal.contains("--data"), refusal);
  }

  @Test
  void aNewerFormatIsRefusedWithItsMaker() throws Exception {
    DataDirectory directory = prepared();
    Files.writeString(directory.root().resolve(DataDirectory.MARKER), "{\"format\":2,\"createdBy\":\"9.9\"}");

    String refusal = assertThrows(StandaloneException.class, directory::prepare).getMessage();

    assertTrue(refusal.contains("made by Hodei 9.9"), refusal);
  }

  @Test
  void purgeRemovesEverythingOfOurs() throws Exception {
    DataDirectory directory = prepared();
    Files.createDirectories(directory.kafka().resolve("log"));
    Files.writeString(directory.kafka().resolve("log/0.log"), "records");

    directory.purge();

    assertFalse(Files.exists(directory.root()));
  }

  @Test
  void purgeFollowsNoLinkOutOfTheDirectory() throws Exception {
    DataDirectory directory = prepared();
    Path outside = Files.createDirectory(temporary.resolve("outside"));
    Files.writeString(outside.resolve("kept"), "");
    Files.createSymbolicLink(directory.log().resolve("link"), outside);

    directory.purge();

    assertTrue(Files.exists(outside.resolve("kept")));
  }

  @Test
  void purgeRefusesAForeignDirectory() throws Exception {
    Files.writeString(temporary.resolve("thesis.txt"), "years of work");

    String refusal = assertThrows(StandaloneException.class, () -> new DataDirectory(temporary).purge()).getMessage();

    assertTrue(refusal.contains("nothing was removed"), refusal);
    assertTrue(Files.exists(temporary.resolve("thesis.txt")));
  }

  @Test
  void aSecretFileIsReadByItsOwnerOnlyAndKept() throws Exception {
    DataDirectory directory = prepared();
    Path file = directory.root().resolve("password");

    String first = Secrets.of(file);

    assertEquals(48, first.length());
    assertEquals(first, Secrets.of(file));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  private DataDirectory prepared() {
    DataDirectory directory = new DataDirectory(temporary.resolve("data"));
    directory.prepare();
    return directory;
  }
}
