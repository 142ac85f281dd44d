package io.hodei.providers;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;

/// An agent that, like the real one, adopts what its job loses: `java … SubreaperAgent SCRIPT WORKER_FILE`.
final class SubreaperAgent {
  private static final int PR_SET_CHILD_SUBREAPER = 36;

  private SubreaperAgent() {}

  static List<String> command(String script, Path workerFile) {
    return List.of(AgentLaunch.SETSID, EarlierLife.JAVA, "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
        "-cp", EarlierLife.classPath(SubreaperAgent.class), SubreaperAgent.class.getName(), script, workerFile.toString());
  }

  public static void main(String[] arguments) throws Throwable {
    Linker linker = Linker.nativeLinker();
    MethodHandle prctl = linker.downcallHandle(linker.defaultLookup().findOrThrow("prctl"),
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG), Linker.Option.firstVariadicArg(1));
    if ((int) prctl.invokeExact(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L) == 0) {
      new ProcessBuilder("sh", "-c", arguments[0]).start().waitFor();
      Thread.sleep(Long.MAX_VALUE);
    }
  }
}
