package io.hodei.standalone;

import io.hodei.kit.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// `down`: asks the running `up` to stop and waits for it; when there is none, ends by itself what a killed one has left.
/// Promise: afterwards no process of this installation is left.
final class Down {
  static final String USAGE = """
      Usage: hodei down [--data DIR] [--purge]

      Stops everything that up has started. Running jobs get 10 s.
        --data DIR  the data directory (default: as for up)
        --purge     removes the data directory as well
      """;
  private static final Duration UP_GETS = Duration.ofSeconds(60);

  private final DataDirectory directory;
  private final boolean purge;
  private final Progress progress;

  private Down(DataDirectory directory, boolean purge, Progress progress) {
    this.directory = directory;
    this.purge = purge;
    this.progress = progress;
  }

  static Down parse(List<String> arguments, Progress progress) {
    Deque<String> left = new ArrayDeque<>(arguments);
    Path data = UpOptions.defaultData();
    boolean purge = false;
    while (!left.isEmpty()) {
      String argument = left.pop();
      if (argument.startsWith("--data=")) {
        data = Path.of(argument.substring("--data=".length()));
      } else if (argument.equals("--data")) {
        data = Path.of(UpOptions.value(argument, left));
      } else if (argument.equals("--purge")) {
        purge = true;
      } else {
        throw StandaloneException.usage("Expected an option of down, but found \"" + argument + "\".\n\n" + USAGE);
      }
    }
    return new Down(new DataDirectory(data), purge, progress);
  }

  int run() throws IOException {
    if (!directory.isOurs()) {
      if (purge && Files.exists(directory.root())) {
        directory.purge();
      }
      progress.line("no Hodei in " + directory.root());
      return 0;
    }
    stopUp();
    endLeftovers();
    if (purge) {
      directory.purge();
      progress.line(directory.root() + " removed");
    }
    return 0;
  }

  private void stopUp() {
    Optional<Pid> up = UpFile.read(directory).map(UpFile::pid).filter(Pid::alive);
    if (up.isPresent()) {
      progress.line("stopping Hodei (pid " + up.get().pid() + "); running jobs get " + Up.JOBS_GET.toSeconds() + " s");
      if (!up.get().end(UP_GETS)) {
        throw new StandaloneException("Expected process " + up.get().pid() + " to end, but it lives; kill it as its owner.");
      }
    }
  }

  private void endLeftovers() throws IOException {
    boolean configured = Files.exists(directory.config());
    boolean living = false;
    for (Component each : Component.values()) {
      living |= RunRecord.living(directory, each).isPresent();
    }
    if (!configured) {
      endComponents();
      return;
    }
    Settings settings = Settings.load(directory.config(), ConfigFile.environment());
    try (Workers workers = Workers.of(settings)) {
      if (living) {
        workers.awaitEnd(Up.JOBS_GET, progress);
      }
      endComponents();
      workers.destroyAll(progress);
      if (purge) {
        workers.purge(progress);
      }
    }
  }

  private void endComponents() {
    for (List<Component> step : Component.steps()) {
      List<CompletableFuture<Void>> ends = step.stream().map(component -> CompletableFuture.runAsync(() -> end(component))).toList();
      try {
        ends.forEach(CompletableFuture::join);
      } catch (CompletionException e) {
        throw e.getCause() instanceof StandaloneException known ? known : e;
      }
    }
    UpFile.remove(directory);
  }

  private void end(Component component) {
    RunRecord.living(directory, component).ifPresent(record -> {
      progress.line("ending " + component.label() + " (pid " + record.pid().pid() + ")");
      Launcher.stopProcess(directory, component);
    });
    RunRecord.remove(directory, component);
  }
}
