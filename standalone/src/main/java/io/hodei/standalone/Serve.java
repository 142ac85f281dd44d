package io.hodei.standalone;

import io.hodei.kit.Key;
import io.hodei.kit.Settings;
import io.hodei.kit.SettingsException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// `serve`: one service, or the broker of an installation, in the foreground until SIGTERM. When its configuration belongs
/// to a data directory, it is recorded there, so that `status` lists it and `down` stops it.
final class Serve {
  static final String USAGE = """
      Usage: hodei serve SERVICE [--config FILE]

      Runs one service in the foreground. SERVICE is job-api, dispatcher, lifecycle-service, gc-service or audit-service.
        --config FILE  its hodei.yaml (default: the environment and the defaults alone)
      """;

  private static final Duration CLAIM_PATIENCE = Duration.ofSeconds(3);

  private Serve() {}

  static int service(List<String> arguments) throws IOException, InterruptedException {
    Deque<String> left = new ArrayDeque<>(arguments);
    if (left.isEmpty()) {
      throw StandaloneException.usage("Expected the name of a service, but found none.\n\n" + USAGE);
    }
    Component component = Component.service(left.pop());
    @Nullable Path config = null;
    while (!left.isEmpty()) {
      String argument = left.pop();
      if (argument.startsWith("--config=")) {
        config = Path.of(argument.substring("--config=".length()));
      } else if (argument.equals("--config")) {
        config = Path.of(UpOptions.value(argument, left));
      } else {
        throw StandaloneException.usage("Expected an option of serve, but found \"" + argument + "\".\n\n" + USAGE);
      }
    }
    Settings settings = load(config);
    Optional<DataDirectory> directory = Optional.of(settings.text(Key.DATA_DIR)).filter(each -> !each.isEmpty())
        .map(each -> new DataDirectory(Path.of(each))).filter(DataDirectory::isOurs);
    Logging.toConsole();
    if (directory.isEmpty()) {
      return untilStopped(() -> Services.start(component, settings), directory, component);
    }
    return claimed(directory.get(), component, () -> Services.start(component, settings));
  }

  /// The broker of a data directory. Started by `up --separate` only.
  static int broker(DataDirectory directory) throws IOException, InterruptedException {
    Logging.toConsole();
    Ports ports = Ports.choose(directory, OptionalInt.empty(), java.util.EnumSet.allOf(Port.class));
    return claimed(directory, Component.BROKER, () -> Broker.start(directory.kafka(), ports));
  }

  private static int claimed(DataDirectory directory, Component component, Start start) throws IOException, InterruptedException {
    try (RunClaim claim = RunClaim.tryTake(directory, component, CLAIM_PATIENCE)) {
      record(directory, component, claim);
      return untilStopped(start, Optional.of(directory), component);
    }
  }

  private interface Start {
    AutoCloseable start() throws IOException;
  }

  private static int untilStopped(Start start, Optional<DataDirectory> directory, Component component) throws IOException, InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      asked.countDown();
      try {
        done.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }, "stop"));
    try (AutoCloseable running = start.start()) {
      asked.await();
      if (running == null) {
        throw new IllegalStateException(component.label() + " answered nothing");
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new StandaloneException("Expected " + component.label() + " to stop in order, but: " + e, e);
    } finally {
      directory.ifPresent(each -> RunRecord.removeOwn(each, component));
      if (asked.getCount() == 0) {
        ClassArchive.keep();
      }
      done.countDown();
    }
    return 0;
  }

  private static void record(DataDirectory directory, Component component, RunClaim claim) throws IOException {
    Optional<RunRecord> other = RunRecord.living(directory, component).filter(each -> !each.pid().equals(Pid.ofThisProcess()));
    if (other.isPresent() || !claim.held()) {
      throw new StandaloneException("Expected no " + component.label() + " to run for " + directory.root() + ", but "
          + other.map(each -> "process " + each.pid().pid()).orElse("another process") + " is one; stop it first.");
    }
    Ports ports = Ports.choose(directory, OptionalInt.empty(), java.util.EnumSet.allOf(Port.class));
    new RunRecord(component, Pid.ofThisProcess(), component.url(ports), ports.of(component.port())).write(directory);
  }

  private static Settings load(@Nullable Path config) {
    try {
      return Settings.load(config, ConfigFile.environment());
    } catch (SettingsException e) {
      throw StandaloneException.usage(String.valueOf(e.getMessage()));
    }
  }
}
