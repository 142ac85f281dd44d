package io.hodei.providers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/// Processes of this host; the agent is a shell.
class ProcessConformanceIT extends ProviderConformance {
  @TempDir
  private Path folder = Path.of("set by JUnit");

  @Override
  WorkerProvider open(String of, Conduct conduct) {
    String script = (conduct == Conduct.IGNORES_THE_ASKING ? "trap '' TERM; " : "") + "while :; do sleep 0.1; done";
    return new ProcessProvider(new ProcessSite("process-it", of, folder.resolve("workers"), folder),
        file -> List.of("setsid", "sh", "-c", script, "agent", file.toString()), new LimitMarking(LimitMarking.PRLIMIT));
  }

  @Override
  void kill(CreatedWorker worker) throws Exception {
    new ProcessBuilder("kill", "-9", worker.providerRef()).start().waitFor();
  }

  @Override
  Map<String, String> marks(CreatedWorker worker) throws Exception {
    Map<String, String> marks = new HashMap<>();
    for (String entry : Files.readString(Path.of("/proc", worker.providerRef(), "environ")).split("\0")) {
      if (entry.startsWith("HODEI_")) {
        marks.put(entry.substring("HODEI_".length(), entry.indexOf('=')).replace("_ID", "").replace("WORKER", "worker-id").replace("INSTALLATION", "installation"),
            entry.substring(entry.indexOf('=') + 1));
      }
    }
    return marks;
  }

  @Override
  @Nullable String limits(CreatedWorker worker) {
    return null;
  }

  @Override
  boolean isThere(CreatedWorker worker) {
    return Files.exists(folder.resolve("workers").resolve(worker.workerId())) || Files.exists(Path.of("/proc", worker.providerRef(), "environ"));
  }
}
