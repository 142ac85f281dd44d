package io.hodei.standalone;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Starts this program again as a child process.
final class Java {
  /// Set in a child: its URLs are told by its parent.
  static final String CHILD = "hodei.child";

  private Java() {}

  /// `log`: the name of its log file without ending.
  static Pid start(DataDirectory directory, String log, int heapMib, String... arguments) throws IOException {
    Path file = directory.log().resolve(log + ".log");
    Process process = process(file, heapMib, List.of(arguments));
    return Pid.of(process.pid()).orElseThrow(() ->
        new StandaloneException("Expected " + log + " to start, but it ended at once; the last lines of " + file + ":\n" + Child.tail(file, 8)));
  }

  static Process process(Path log, int heapMib, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(Child.java(), "-Xmx" + heapMib + "m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError",
        "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(ClassArchive.flags(arguments));
    for (String property : List.of("hodei.dist", "hodei.default-data", "hodei.script")) {
      String value = System.getProperty(property);
      if (value != null) {
        command.add("-D" + property + "=" + value);
      }
    }
    command.add("-D" + CHILD + "=true");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.hodei.standalone.Main"));
    command.addAll(arguments);
    return Child.of(log, command).start();
  }
}
