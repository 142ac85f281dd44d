package io.hodei.providers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
  boolean isThere(CreatedWorker worker) {
    return Files.exists(folder.resolve("workers").resolve(worker.workerId())) || Files.exists(Path.of("/proc", worker.providerRef(), "environ"));
  }
}
