package io.hodei.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackTest {
  @TempDir
  private Path folder = Path.of("set by JUnit");

  @Test
  void theBundleIsCopiedWithTimesAndModesAndTheWorkerFileIsItsUsersAlone() throws Exception {
    var bundle = Files.createDirectories(folder.resolve("bundle/jre/bin")).getParent().getParent();
    var program = Files.writeString(bundle.resolve("jre/bin/java"), "program");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setLastModifiedTime(program, FileTime.fromMillis(1_000_000));
    Files.createSymbolicLink(bundle.resolve("link"), Path.of("jre/bin/java"));
    var token = Files.writeString(folder.resolve("worker.conf"), "token=x\n");
    var work = Files.createDirectory(folder.resolve("work"));

    Unpack.run(bundle.toString(), folder.resolve("copy").toString(), token.toString(), work.toString());

    var copied = folder.resolve("copy/jre/bin/java");
    assertEquals("program", Files.readString(copied));
    assertEquals(FileTime.fromMillis(1_000_000), Files.getLastModifiedTime(copied));
    assertTrue(Files.isExecutable(copied));
    assertEquals(Path.of("jre/bin/java"), Files.readSymbolicLink(folder.resolve("copy/link")));
    assertEquals("token=x\n", Files.readString(work.resolve("conf/worker.conf")));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(work.resolve("conf/worker.conf"))));
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(work.resolve("scratch"))));
  }

  @Test
  void wrongUsageIsRefused() {
    assertTrue(String.valueOf(assertThrows(IOException.class, () -> Unpack.run("a")).getMessage()).contains("<worker file>"));
  }
}
