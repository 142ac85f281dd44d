package io.hodei.standalone;

import io.hodei.kit.Key;
import io.hodei.kit.Settings;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.EnumSet;
import java.util.Set;

/// `up` where an `up` already rules: waits until that one is ready, starts processes that have died since, prints the URLs.
final class SecondUp {
  private static final Duration READY_LIMIT = Duration.ofSeconds(120);
  private static final Duration WELL_LIMIT = Duration.ofSeconds(60);

  private final UpOptions options;
  private final DataDirectory directory;
  private final Progress progress;
  private final PrintStream out;

  SecondUp(UpOptions options, Progress progress, PrintStream out) {
    this.options = options;
    this.directory = options.directory();
    this.progress = progress;
    this.out = out;
  }

  int run() throws IOException {
    UpFile up = awaitReady();
    if (options.separate() && !up.separate()) {
      throw new StandaloneException("Expected no running Hodei in " + directory.root() + " for --separate, but one runs in one process (pid "
          + up.pid().pid() + "); stop it first: hodei down --data " + directory.root());
    }
    options.port().ifPresent(port -> requirePort(port, up));
    if (options.provider().isPresent()) {
      requireProvider(options.provider().get());
    }
    startTheDead(up);
    awaitWell();
    Up.announce(up, out);
    return 0;
  }

  /// A living process may still be of no use.
  private void awaitWell() throws IOException {
    Ports ports = Ports.choose(directory, OptionalInt.empty(), EnumSet.allOf(Port.class));
    long end = System.nanoTime() + WELL_LIMIT.toNanos();
    for (Component component : Component.values()) {
      while (!Probe.well(component, ports.of(component.port()))) {
        if (System.nanoTime() > end) {
          throw new StandaloneException("Expected every part of the Hodei in " + directory.root() + " to be ready within " + WELL_LIMIT.toSeconds()
              + " s, but " + component.label() + " is not: " + Probe.words(component, ports.of(component.port())) + "; see " + directory.log());
        }
        Pause.millis(100);
      }
    }
  }

  private void requirePort(int port, UpFile up) {
    String url = up.urls().getOrDefault("api", "");
    if (!url.endsWith(":" + port)) {
      throw new StandaloneException("Expected no running Hodei in " + directory.root() + " for --port " + port + ", but one runs at " + url
          + "; stop it first: hodei down --data " + directory.root());
    }
  }

  private void requireProvider(String provider) {
    String running = Settings.load(directory.config(), ConfigFile.environment()).text(Key.PROVIDER);
    if (!running.equals(provider)) {
      throw new StandaloneException("Expected no running Hodei in " + directory.root() + " for --provider " + provider + ", but one runs with " + running
          + "; stop it first: hodei down --data " + directory.root());
    }
  }

  private UpFile awaitReady() throws IOException {
    long end = System.nanoTime() + READY_LIMIT.toNanos();
    boolean told = false;
    while (true) {
      Optional<UpFile> up = UpFile.read(directory).filter(each -> each.pid().alive());
      if (up.isPresent() && up.get().ready()) {
        return up.get();
      }
      if (System.nanoTime() > end) {
        throw new StandaloneException("Expected the Hodei that has locked " + directory.root() + " to become ready within "
            + READY_LIMIT.toSeconds() + " s, but it did not; see " + directory.log() + ", or stop it: hodei down --data " + directory.root());
      }
      if (!told) {
        progress.line("waiting for the Hodei that is starting or stopping in " + directory.root());
        told = true;
      }
      Pause.millis(100);
    }
  }

  /// In one process, only the registry and Postgres can have died alone.
  private void startTheDead(UpFile up) throws IOException {
    List<Component> dead = new ArrayList<>();
    Set<Port> kept = EnumSet.allOf(Port.class);
    for (Component component : Component.values()) {
      boolean alone = up.separate() || component == Component.REGISTRY || component == Component.POSTGRES;
      if (alone && RunRecord.living(directory, component).isEmpty()) {
        dead.add(component);
      }
    }
    if (dead.isEmpty()) {
      return;
    }
    Settings settings = Settings.load(directory.config(), ConfigFile.environment());
    Launcher launcher = new Launcher(directory, Distribution.find(), Ports.choose(directory, OptionalInt.empty(), kept), settings, up.separate());
    for (Component component : dead) {
      launcher.start(component);
      progress.up(component, launcher.url(component));
    }
  }
}
