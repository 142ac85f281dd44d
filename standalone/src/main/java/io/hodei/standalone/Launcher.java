package io.hodei.standalone;

import io.hodei.kit.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Starts and stops single components, in this JVM or as processes of their own, and keeps the records of what runs.
/// Components may start at once on threads of their own.
final class Launcher {
  private static final Duration HEALTH_LIMIT = Duration.ofSeconds(120);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration STOP_GRACE = Duration.ofSeconds(20);

  private final DataDirectory directory;
  private final Distribution distribution;
  private final Ports ports;
  private final Settings settings;
  private final boolean separate;
  private final Map<Component, AutoCloseable> here = new ConcurrentHashMap<>();
  private volatile String views = "";

  Launcher(DataDirectory directory, Distribution distribution, Ports ports, Settings settings, boolean separate) {
    this.directory = directory;
    this.distribution = distribution;
    this.ports = ports;
    this.settings = settings;
    this.separate = separate;
  }

  /// Returns when the component is well.
  void start(Component component) throws IOException {
    switch (component) {
      case POSTGRES -> record(component, new Postgres(distribution.postgres(), directory, ports.of(Port.POSTGRES)).start());
      case REGISTRY -> {
        RegistryServer registry = new RegistryServer(distribution.registry(), directory, ports);
        Pid pid = registry.launch();
        record(component, pid);
        registry.awaitReady(pid);
      }
      case BROKER -> startBroker();
      case DISPATCHER, LIFECYCLE, GC, AUDIT, API -> startService(component);
    }
  }

  /// Stops the component, in this JVM or not, and forgets it.
  void stop(Component component) {
    AutoCloseable closeable = here.remove(component);
    if (closeable != null) {
      try {
        closeable.close();
      } catch (Exception e) {
        throw new StandaloneException("Expected " + component.label() + " to stop, but: " + e, e);
      }
    } else {
      stopProcess(directory, component);
    }
    RunRecord.remove(directory, component);
  }

  /// Ends the recorded process of a component, when there is one and it is not this one.
  static void stopProcess(DataDirectory directory, Component component) {
    RunRecord.living(directory, component).map(RunRecord::pid).filter(pid -> !pid.equals(Pid.ofThisProcess())).ifPresent(pid -> {
      boolean dead = switch (component) {
        case POSTGRES -> Postgres.stop(pid);
        // It keeps nothing of its own, and without a broker it waits for long.
        case REGISTRY -> pid.end(Duration.ofSeconds(2));
        case BROKER, DISPATCHER, LIFECYCLE, GC, AUDIT, API -> pid.end(STOP_GRACE);
      };
      if (!dead) {
        throw new StandaloneException("Expected " + component.label() + " (pid " + pid.pid() + ") to end, but it lives; kill it.");
      }
    });
  }

  /// What job-api, while it starts, still has to read; it may take minutes, so each step forward gives it the whole time again.
  String views() {
    return views;
  }

  String url(Component component) {
    return component.url(ports);
  }

  private void startBroker() throws IOException {
    if (separate) {
      startProcess(Component.BROKER, "broker", "--data", directory.root().toString());
    } else {
      here.put(Component.BROKER, Broker.start(directory.kafka(), ports));
      record(Component.BROKER, Pid.ofThisProcess());
    }
  }

  private void startService(Component component) throws IOException {
    if (separate) {
      startProcess(component, "serve", component.label(), "--config", directory.config().toString());
    } else {
      here.put(component, Services.start(component, settings));
      record(component, Pid.ofThisProcess());
      awaitHealth(component, null);
    }
  }

  private void startProcess(Component component, String... arguments) throws IOException {
    Pid pid = Java.start(directory, component.label(), 512, arguments);
    // Until it does so itself; not over that of another which has come first.
    if (RunRecord.living(directory, component).isEmpty()) {
      record(component, pid);
    }
    awaitHealth(component, pid);
  }

  private void record(Component component, Pid pid) throws IOException {
    new RunRecord(component, pid, component.url(ports), ports.of(component.port())).write(directory);
  }

  private void awaitHealth(Component component, @Nullable Pid pid) {
    Path log = directory.log().resolve((pid == null ? "hodei" : component.label()) + ".log");
    long end = System.nanoTime() + HEALTH_LIMIT.toNanos();
    long look = System.nanoTime() + LOOK.toNanos();
    while (true) {
      // First: another may answer on its port.
      if (pid != null && !pid.alive()) {
        throw new StandaloneException("Expected " + component.label() + " to start, but it ended; the last lines of " + log + ":\n"
            + Child.tail(log, 8));
      }
      if (Probe.well(component, ports.of(component.port()))) {
        return;
      }
      if (component == Component.API && System.nanoTime() > look) {
        look = System.nanoTime() + LOOK.toNanos();
        String now = Probe.views(ports.of(component.port()));
        if (!now.equals(views)) {
          views = now;
          end = System.nanoTime() + HEALTH_LIMIT.toNanos();
        }
      }
      if (System.nanoTime() > end) {
        throw new StandaloneException("Expected " + component.label() + " to be ready within " + HEALTH_LIMIT.toSeconds()
            + " s, but it is not (" + component.url(ports) + component.healthPath() + "): "
            + Probe.words(component, ports.of(component.port())) + "; the last lines of " + log + ":\n"
            + Child.tail(log, 8));
      }
      Pause.millis(50);
    }
  }
}
