package io.hodei.providers;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// prctl(2) and waitpid(2): descendants of this JVM that lose their parent become its children instead of init's, and
/// whoever adopts must also take the dead away, since the JDK waits only for what it started. Any thread; loading this
/// class fails where the C library has no prctl.
final class Subreaper {
  private static final int PR_SET_CHILD_SUBREAPER = 36;
  private static final int WNOHANG = 1;

  private static final MethodHandle PRCTL = handle("prctl",
      FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG), Linker.Option.firstVariadicArg(1));
  private static final MethodHandle WAITPID = handle("waitpid", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));

  private Subreaper() {}

  private static MethodHandle handle(String name, FunctionDescriptor type, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, options);
  }

  /// For the rest of this JVM's life. False: the kernel refused.
  static boolean become() {
    try {
      return (int) PRCTL.invokeExact(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L) == 0;
    } catch (Throwable e) {
      throw new IllegalStateException("Expected to call prctl(2), but: " + e, e);
    }
  }

  /// Takes one ended child away; nothing happens when it lives or is gone. Never for a child that the JDK started: its
  /// exit code would be lost.
  static void reap(int pid) {
    if (pid < 2) {
      throw new IllegalArgumentException("Expected the pid of a single process, but found " + pid);
    }
    try {
      int ignored = (int) WAITPID.invokeExact(pid, MemorySegment.NULL, WNOHANG);
    } catch (Throwable e) {
      throw new IllegalStateException("Expected to call waitpid(2), but: " + e, e);
    }
  }
}
