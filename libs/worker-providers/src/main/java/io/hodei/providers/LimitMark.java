package io.hodei.providers;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A worker's second mark, which outlives `env -i`, a new session and a lost parent: the soft limit of file locks. Linux
/// has not enforced it since 2.4, still hands it on over fork and exec, and shows it to everybody in /proc/PID/limits,
/// even while a process dies and its environment cannot be read any more. It goes only when somebody sets this limit.
///
/// Each worker has a number of its own, which follows from its id: every later life of this service, and `down`, knows
/// it. The number cannot be turned back into an id. Any thread.
record LimitMark(long number) {
  private static final String LINE = "\nMax file locks ";
  /// No number below this one, which no person would set; and all have 19 digits, far from "unlimited" (2^64 - 1).
  private static final long LEAST = 1L << 62;
  private static final int DIGITS = 19;

  static LimitMark of(WorkerMark worker) {
    // Neither id holds a NUL, so no two workers make the same text.
    long hash = ByteBuffer.wrap(Sha256.of(worker.installationId() + "\0" + worker.workerId())).getLong();
    return new LimitMark(hash >>> 1 | LEAST);
  }

  /// The mark in a text like /proc/PID/limits; null when the limit is unset or no worker's.
  static @Nullable LimitMark in(byte[] limits, int length) {
    String text = new String(limits, 0, Math.max(0, length), StandardCharsets.US_ASCII);
    int line = text.indexOf(LINE);
    if (line < 0) {
      return null;
    }
    String soft = text.substring(line + LINE.length()).stripLeading().split(" ", 2)[0];
    try {
      long number = soft.length() == DIGITS ? Long.parseLong(soft) : 0;
      return number < LEAST ? null : new LimitMark(number);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
