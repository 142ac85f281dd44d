package io.hodei.providers;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One living process as /proc showed it. A pid together with `startTicks` (clock ticks since boot) names a process
/// for ever; a pid alone is used again.
record Proc(
    int pid,
    int parent,
    int session,
    long startTicks,
    boolean stopped,
    String name,
    @Nullable WorkerMark mark,
    @Nullable LimitMark limit) {

  /// Reads a line of /proc/PID/stat; empty for a zombie (nothing of it runs or can run) and for what is no such line.
  static Optional<Proc> parse(byte[] stat, int length) {
    String line = new String(stat, 0, length, StandardCharsets.ISO_8859_1);
    int open = line.indexOf('(');
    // The name may hold spaces and parentheses: the last one closes it.
    int close = line.lastIndexOf(')');
    if (open < 2 || close < open || close + 2 >= length) {
      return Optional.empty();
    }
    String[] fields = line.substring(close + 2).trim().split(" ");
    if (fields.length < 20) {
      return Optional.empty();
    }
    try {
      char state = fields[0].charAt(0);
      // A zombie whose other threads run on is no dead process.
      boolean dead = (state == 'Z' || state == 'X') && Long.parseLong(fields[17]) < 2;
      if (dead) {
        return Optional.empty();
      }
      return Optional.of(new Proc(
          Integer.parseInt(line.substring(0, open - 1)),
          Integer.parseInt(fields[1]),
          Integer.parseInt(fields[3]),
          Long.parseLong(fields[19]),
          state == 'T' || state == 't',
          line.substring(open + 1, close),
          null,
          null));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  Proc marked(@Nullable WorkerMark inEnvironment, @Nullable LimitMark byLimit) {
    return inEnvironment == null && byLimit == null ? this
        : new Proc(pid, parent, session, startTicks, stopped, name, inEnvironment, byLimit);
  }

  /// Whether its environment or its limit says that it is this worker's.
  boolean carries(WorkerMark worker, LimitMark workersLimit) {
    return worker.equals(mark) || workersLimit.equals(limit);
  }

  /// What names a process for ever.
  record Name(int pid, long startTicks) {}

  Name identity() {
    return new Name(pid, startTicks);
  }

  boolean sameAs(Proc other) {
    return identity().equals(other.identity());
  }

  boolean leadsSession() {
    return pid == session;
  }

  /// For messages: `4711 (sleep)`.
  String inWords() {
    return pid + " (" + name + ")";
  }
}
