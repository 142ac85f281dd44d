package io.hodei.providers;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/// A mark that outlives `env -i`: the soft limit of file locks, which Linux has not enforced since 2.4 but still hands
/// from parent to child, over fork and exec. A number that only the agents of one JVM, and what descends from them,
/// carry. It goes only when somebody sets this very limit. Any thread.
record LimitMark(long number) {
  static final String PRLIMIT = "prlimit";

  private static final String LINE = "\nMax file locks ";

  static LimitMark drawn() {
    return new LimitMark(new SecureRandom().nextLong(1L << 40, 1L << 61));
  }

  /// The same command with the mark. prlimit(1) comes with setsid(1) and executes the rest in its own process, so that
  /// there is no moment in which the command runs without the mark.
  List<String> on(List<String> command) {
    List<String> marked = new ArrayList<>(List.of(PRLIMIT, "--locks=" + number + ":"));
    marked.addAll(command);
    return marked;
  }

  /// Whether a text like /proc/PID/limits shows this mark.
  boolean in(byte[] limits, int length) {
    String text = new String(limits, 0, Math.max(0, length), StandardCharsets.US_ASCII);
    int line = text.indexOf(LINE);
    return line >= 0 && text.substring(line + LINE.length()).stripLeading().startsWith(number + " ");
  }
}
