package io.hodei.providers;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// kill(2). The JDK's own ProcessHandle knows only SIGTERM and SIGKILL; stopping a tree needs SIGSTOP.
final class Signals {
  static final int KILL = 9;
  static final int TERM = 15;
  static final int STOP = 19;

  private static final MethodHandle SEND = Linker.nativeLinker().downcallHandle(
      Linker.nativeLinker().defaultLookup().findOrThrow("kill"),
      FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  private Signals() {}

  /// Whether the kernel took it; false when the process is gone or not ours to signal. Only single processes: pids
  /// below 2 mean groups, everybody, or init.
  static boolean send(int pid, int signal) {
    if (pid < 2) {
      throw new IllegalArgumentException("Expected the pid of a single process, but found " + pid);
    }
    try {
      return (int) SEND.invokeExact(pid, signal) == 0;
    } catch (Throwable e) {
      throw new IllegalStateException("Expected to call kill(2), but: " + e, e);
    }
  }
}
