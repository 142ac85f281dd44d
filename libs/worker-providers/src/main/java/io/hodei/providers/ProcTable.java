package io.hodei.providers;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// This host's processes, read from /proc. Any thread. A process that vanishes, or may not be read, while we look
/// costs nothing but itself. Promise of `look`: every process that lived from before the call until after it, and
/// that we may see, is in the answer.
final class ProcTable {
  /// Its pid in each namespace, ours first.
  private static final String PIDS = "\nNSpid:";
  private static final int KERNEL_THREADS = 2;
  private static final int LARGEST_ENVIRONMENT = 8 << 20;
  private static final int LOOKS_AT_EXEC = 100;
  private static final int LOOKS_AFTER_EXEC = 2;
  private static final long EXEC_PAUSE_NANOS = 500_000;
  private static final int MOST_SILENT = 1_000;

  private final Path root;
  private final SharedLook<List<Proc>> shared;
  private final Set<Proc.Name> silent = ConcurrentHashMap.newKeySet();

  ProcTable(Path root) {
    this.root = root;
    this.shared = new SharedLook<>(this::scan);
  }

  static ProcTable ofThisHost() {
    return new ProcTable(Path.of("/proc"));
  }

  List<Proc> look() throws ProviderException {
    return shared.fresh();
  }

  /// This one process as it is now; empty when it is dead or another has its pid.
  Optional<Proc> again(Proc known) {
    return stat(new byte[1024], Integer.toString(known.pid())).filter(known::sameAs);
  }

  /// The arguments of a process; empty when it is gone.
  List<String> arguments(Proc process) {
    byte[] all = new byte[64 << 10];
    String pid = Integer.toString(process.pid());
    int length = read(all, pid, "cmdline");
    for (int look = 0; length == 0 && look < LOOKS_AT_EXEC && again(process).isPresent(); look++) {
      LockSupport.parkNanos(EXEC_PAUSE_NANOS);
      length = read(all, pid, "cmdline");
    }
    return length <= 0 ? List.of() : List.of(new String(all, 0, length, StandardCharsets.UTF_8).split("\0"));
  }

  /// Clock ticks since boot, the unit of `Proc.startTicks`.
  long nowTicks() {
    byte[] line = new byte[128];
    int length = read(line, "uptime", null);
    String seconds = length <= 0 ? "0" : new String(line, 0, length, StandardCharsets.US_ASCII).split(" ")[0];
    return Math.round(Double.parseDouble(seconds) * 100);
  }

  private List<Proc> scan() throws IOException {
    String @Nullable [] names = root.toFile().list();
    if (names == null) {
      throw new IOException("Expected a process file system at " + root + ", but it cannot be listed; mount it");
    }
    List<Proc> found = new ArrayList<>(names.length);
    byte[] buffer = new byte[64 << 10];
    for (String name : names) {
      char first = name.charAt(0);
      if (first >= '0' && first <= '9') {
        stat(buffer, name).ifPresent(found::add);
      }
    }
    for (int i = 0; i < found.size(); i++) {
      Proc process = found.get(i);
      if (process.parent() != KERNEL_THREADS && process.pid() != KERNEL_THREADS) {
        found.set(i, marked(buffer, process));
      }
    }
    adoptions(found);
    containers(found, buffer);
    return found;
  }

  /// A process whose parent ended while we looked has another parent by now. (When a mark of the one that ended was
  /// read in time, it is known whose both are.)
  private void adoptions(List<Proc> found) {
    Map<Integer, Proc> byPid = new HashMap<>();
    found.forEach(process -> byPid.put(process.pid(), process));
    Map<Integer, Boolean> ended = new HashMap<>();
    for (int i = 0; i < found.size(); i++) {
      Proc process = found.get(i);
      Proc parent = byPid.get(process.parent());
      if (process.parent() != 0 && (parent == null || (parent.mark() == null && parent.limit() == null
          && ended.computeIfAbsent(parent.pid(), pid -> again(parent).isEmpty())))) {
        found.set(i, again(process).map(now -> now.marked(process.mark(), process.limit())).orElse(process));
      }
    }
  }

  /// A job in a container carries a worker's marks, and nothing that says where it is. Its agent, from which it descends, does; an agent that may not be read
  /// is the first process of a namespace and carries no mark that can be seen, which no process of ours is.
  private void containers(List<Proc> found, byte[] buffer) {
    Map<Integer, Proc> byPid = new HashMap<>();
    found.forEach(process -> byPid.put(process.pid(), process));
    Map<Integer, Boolean> first = new HashMap<>();
    for (int i = 0; i < found.size(); i++) {
      Proc process = found.get(i);
      Proc above = process.mark() == null ? null : process;
      for (int steps = 0; above != null && steps < found.size(); steps++) {
        boolean unmarked = above.mark() == null && above.limit() == null;
        if (WorkerMark.IN_A_CONTAINER.equals(above.mark()) || (unmarked && first.computeIfAbsent(above.pid(), pid -> isFirstBelow(buffer, pid)))) {
          found.set(i, process.marked(WorkerMark.IN_A_CONTAINER, process.limit()));
          break;
        }
        above = byPid.get(above.parent());
      }
    }
  }

  /// Whether it is the first process of a namespace inside of ours.
  private boolean isFirstBelow(byte[] buffer, int pid) {
    int length = read(buffer, Integer.toString(pid), "status");
    String status = new String(buffer, 0, Math.max(0, length), StandardCharsets.ISO_8859_1);
    int line = status.indexOf(PIDS);
    if (line < 0) {
      return false;
    }
    String[] pids = status.substring(line + PIDS.length()).lines().findFirst().orElse("").strip().split("\\s+");
    return pids.length > 1 && pids[pids.length - 1].equals("1");
  }

  private Proc marked(byte[] buffer, Proc process) {
    long began = System.nanoTime();
    WorkerMark mark = mark(buffer, process);
    if (mark == null && System.nanoTime() - began > LOOKS_AT_EXEC * EXEC_PAUSE_NANOS) {
      // Some programs show nothing for ever: waited for once.
      if (silent.size() >= MOST_SILENT) {
        silent.clear();
      }
      silent.add(process.identity());
    }
    return process.marked(mark, LimitMark.in(buffer, read(buffer, Integer.toString(process.pid()), "limits")));
  }

  private Optional<Proc> stat(byte[] buffer, String pid) {
    int length = read(buffer, pid, "stat");
    return length <= 0 ? Optional.empty() : Proc.parse(buffer, length);
  }

  private @Nullable WorkerMark mark(byte[] buffer, Proc process) {
    String pid = Integer.toString(process.pid());
    byte[] environ = buffer;
    int length = read(environ, pid, "environ");
    for (int look = 0; length == 0 && look < looksFor(process, environ, pid) && again(process).isPresent(); look++) {
      LockSupport.parkNanos(EXEC_PAUSE_NANOS);
      length = read(environ, pid, "environ");
    }
    while (length == environ.length && length < LARGEST_ENVIRONMENT) {
      environ = new byte[environ.length * 4];
      length = read(environ, pid, "environ");
    }
    return length <= 0 ? null : WorkerMark.in(environ, length).orElse(null);
  }

  /// In the middle of an exec a process shows neither arguments nor environment; one that shows arguments alone may
  /// have been caught just before its exec.
  private int looksFor(Proc process, byte[] buffer, String pid) {
    if (silent.contains(process.identity())) {
      return 0;
    }
    return read(buffer, pid, "cmdline") == 0 ? LOOKS_AT_EXEC : LOOKS_AFTER_EXEC;
  }

  /// How many bytes were read; -1 when there is no such file, no permission, or the process went meanwhile.
  private int read(byte[] into, String name, @Nullable String file) {
    String path = file == null ? root + "/" + name : root + "/" + name + "/" + file;
    try (FileInputStream in = new FileInputStream(path)) {
      int length = 0;
      int got = in.read(into, 0, into.length);
      while (got > 0) {
        length += got;
        got = length == into.length ? 0 : in.read(into, length, into.length - length);
      }
      return length;
    } catch (IOException e) {
      return -1;
    }
  }
}
