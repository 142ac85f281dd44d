package io.hodei.agent;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// The calls to the C library that Java does not offer (Linux, 64 bit). Any thread; loading this class costs
/// a few milliseconds, so it happens beside the connect.
final class Libc {
  private static final int PR_SET_DUMPABLE = 4;
  private static final int PR_SET_CHILD_SUBREAPER = 36;
  private static final int IOPRIO_WHO_PROCESS = 1;
  private static final int IOPRIO_CLASS_SHIFT = 13;
  private static final int SIGKILL = 9;
  private static final int P_ALL = 0;
  private static final int P_PID = 1;
  private static final int WNOHANG = 1;
  private static final int WEXITED = 4;
  private static final int WNOWAIT = 0x0100_0000;
  private static final int ANY_CHILD = 0x4000_0000;
  private static final long SIGINFO_BYTES = 128;
  private static final long SIGINFO_PID = 16;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle PRCTL =
      handle("prctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG), Linker.Option.firstVariadicArg(1));
  private static final MethodHandle WAITID = handle("waitid", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle MKFIFO = handle("mkfifo", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));

  private Libc() {}

  private static MethodHandle handle(String name, FunctionDescriptor type, Linker.Option... options) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
  }

  /// From now on descendants that lose their parent become children of this process. False: the kernel refused.
  static boolean becomeSubreaper() {
    return prctl(PR_SET_CHILD_SUBREAPER, 1L);
  }

  /// From now on no process of the same user can look into the memory of this one, its job among them. False: the kernel refused.
  static boolean hide() {
    return prctl(PR_SET_DUMPABLE, 0L);
  }

  private static boolean prctl(int what, long value) {
    try {
      return (int) PRCTL.invokeExact(what, value, 0L, 0L, 0L) == 0;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /// The pid of some child that has ended and is not waited for; 0: children, but all alive; -1: no child at all.
  static int endedChild() {
    return waitid(P_ALL, 0, WEXITED | WNOHANG | WNOWAIT | ANY_CHILD);
  }

  /// Takes the remains of an ended child away.
  static void reap(int pid) {
    waitid(P_PID, pid, WEXITED | WNOHANG | ANY_CHILD);
  }

  private static int waitid(int type, int id, int options) {
    try (var arena = Arena.ofConfined()) {
      var info = arena.allocate(SIGINFO_BYTES, 8);
      return (int) WAITID.invokeExact(type, id, info, options) == 0 ? info.get(ValueLayout.JAVA_INT, SIGINFO_PID) : -1;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /// Class and level by which the disk serves a thread of ours; 0: nobody has set them, or the kernel does not tell.
  static int diskPriority(int thread) {
    long number = switch (System.getProperty("os.arch", "")) {
      case "amd64" -> 252;
      case "aarch64" -> 31;
      default -> -1;
    };
    try {
      int priority = (int) (long) Rare.SYSCALL.invokeExact(number, (long) IOPRIO_WHO_PROCESS, (long) thread);
      return priority >> IOPRIO_CLASS_SHIFT > 0 ? priority : 0;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /// SIGKILL to all processes of this namespace but its first, in one call of the kernel. Only for the first.
  static void killAllOthers() {
    try {
      var _ = (int) Killing.KILL.invokeExact(-1, SIGKILL);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /// A named pipe that only this user can open. False: it could not be made.
  static boolean makePipe(String path) {
    try (var arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(path);
      return (int) MKFIFO.invokeExact(name, 0600) == 0;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /// Linked when something of a job is left after its grace.
  private static final class Killing {
    static final MethodHandle KILL = handle("kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  }

  /// Linked for agents that take one job after the other alone.
  private static final class Rare {
    static final MethodHandle SYSCALL = handle("syscall", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG), Linker.Option.firstVariadicArg(1));
  }
}
