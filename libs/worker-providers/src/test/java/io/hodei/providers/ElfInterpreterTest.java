package io.hodei.providers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElfInterpreterTest {
  @TempDir
  private Path folder = Path.of("set by JUnit");
  private Path program = folder;

  @BeforeEach
  void copyOfAProgram() throws IOException {
    program = Files.copy(Path.of("/usr/bin/true").toRealPath(), folder.resolve("true"), StandardCopyOption.COPY_ATTRIBUTES);
  }

  @Test
  void aProgramIsLoadedByWhomItNames() throws Exception {
    ElfInterpreter.set(program, "/nowhere/ld.so");
    assertThrows(IOException.class, () -> new ProcessBuilder(program.toString()).start());
    ElfInterpreter.set(program, "/lib64/ld-linux-x86-64.so.2");
    assertEquals(0, new ProcessBuilder(program.toString()).start().waitFor());
  }

  @Test
  void whatHasNoRoomOrIsNoProgramIsRefusedAndLeftAsItIs() throws Exception {
    assertThrows(IOException.class, () -> ElfInterpreter.set(program, "/a/path/that/is/too/long/for/it/ld.so"));
    assertEquals(0, new ProcessBuilder(program.toString()).start().waitFor());
    Path text = Files.writeString(folder.resolve("text"), "#!/bin/sh\n".repeat(20));
    assertThrows(IOException.class, () -> ElfInterpreter.set(text, "/x"));
  }
}
