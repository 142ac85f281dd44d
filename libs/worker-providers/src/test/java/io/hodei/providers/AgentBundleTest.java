package io.hodei.providers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgentBundleTest {
  @Test
  void librariesAreReadFromWhatLddSaysAndNothingElseIsTakenForOne() {
    String said = """
        /bin/bash: warning: setlocale: LC_ALL: cannot change locale (en_US.UTF-8)
        \tlinux-vdso.so.1 (0x00007ffd5a1f2000)
        \tlibjli.so => /opt/java/bin/../lib/libjli.so (0x00007f1b2c400000)
        \tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f1b2c1fe000)
        \tlibnone.so => not found
        \t/lib64/ld-linux-x86-64.so.2 (0x00007f1b2c420000)
        """;
    assertEquals(List.of(Path.of("/opt/java/bin/../lib/libjli.so"), Path.of("/lib/x86_64-linux-gnu/libc.so.6"), Path.of("/lib64/ld-linux-x86-64.so.2")), AgentBundle.linked(said));
  }
}
