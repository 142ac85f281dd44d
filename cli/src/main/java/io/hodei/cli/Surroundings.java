package io.hodei.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a command sees of the world around it; tests make their own. `script` is the `hodei` script, null when the client was
/// started without it; `home` is the user's.
record Surroundings(Map<String, String> environment, Path directory, Path home, Path defaultData, @Nullable String script,
    InputStream in, OutputStream out, OutputStream err, boolean outIsTerminal, boolean errIsTerminal) {

  static Surroundings ofThisProcess() {
    return new Surroundings(System.getenv(), Path.of(System.getProperty("user.dir")), Path.of(System.getProperty("user.home")),
        LocalInstallation.defaultData(), System.getProperty("hodei.script"), new FileInputStream(FileDescriptor.in),
        new FileOutputStream(FileDescriptor.out), new FileOutputStream(FileDescriptor.err), isTerminal(1), isTerminal(2));
  }

  /// The value of an environment variable; null when it is unset or empty.
  @Nullable String variable(String name) {
    String value = environment.get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  boolean colours() {
    return outIsTerminal && variable("NO_COLOR") == null && !"dumb".equals(environment.get("TERM"));
  }

  /// Where the descriptor leads, without native code: a terminal is /dev/pts/N, /dev/ttyN or the console.
  private static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
