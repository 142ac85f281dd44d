package io.hodei.standalone;

import io.hodei.kit.Settings;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// One run of `up` in the foreground, on the main thread: starts what does not run, waits for SIGINT or SIGTERM, stops in
/// the reverse order. A start that fails stops what it has started.
final class Up {
  static final Duration JOBS_GET = Duration.ofSeconds(10);

  private final UpOptions options;
  private final DataDirectory directory;
  private final Progress progress;
  private final PrintStream out;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);

  Up(UpOptions options, Progress progress, PrintStream out) {
    this.options = options;
    this.directory = options.directory();
    this.progress = progress;
    this.out = out;
  }

  /// Returns the exit code.
  int run() throws IOException, InterruptedException {
    directory.prepare();
    try (UpLock lock = UpLock.tryTake(directory); PortClaims claims = PortClaims.ofThisMachine()) {
      if (!lock.held()) {
        return new SecondUp(options, progress, out).run();
      }
      Logging.toFiles(directory);
      Distribution distribution = Distribution.find();
      Set<Component> running = clearLeftovers();
      Ports ports = Ports.choose(directory, options.port(), portsOf(running), claims);
      ports.replaced().forEach(progress::line);
      Settings settings = ConfigFile.write(directory, ports, distribution, options.provider());
      Launcher launcher = new Launcher(directory, distribution, ports, settings, options.separate());
      Runtime.getRuntime().addShutdownHook(new Thread(this::stopOnSignal, "stop"));
      run(launcher, settings, ports, running);
      return 0;
    } finally {
      stopped.countDown();
    }
  }

  private void run(Launcher launcher, Settings settings, Ports ports, Set<Component> running) throws IOException, InterruptedException {
    String installation = settings.text(io.hodei.kit.Key.INSTALLATION_ID);
    try {
      UpFile.of(installation, false, options.separate(), ports).write(directory);
      startAll(launcher, running);
      UpFile ready = UpFile.of(installation, true, options.separate(), ports);
      ready.write(directory);
      announce(ready, out);
      stopping.await();
    } catch (StandaloneException e) {
      progress.line("stopping what was started");
      stopAll(launcher, settings, false);
      throw e;
    }
    progress.line("stopping");
    stopAll(launcher, settings, true);
    ClassArchive.keep();
  }

  /// The URLs, and the line that says that all is well.
  static void announce(UpFile up, PrintStream out) {
    up.urls().forEach((name, url) -> out.printf("%-10s %s%n", name, url));
    out.println("Hodei is ready");
    out.flush();
  }

  /// The registry and Postgres begin at once; the services wait for the broker, and by themselves for the rest.
  private void startAll(Launcher launcher, Set<Component> running) {
    Map<Component, CompletableFuture<Void>> starts = new EnumMap<>(Component.class);
    try (ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().name("start-", 0).factory())) {
      for (Component component : Component.values()) {
        if (!running.contains(component)) {
          CompletableFuture<Void> broker = starts.getOrDefault(Component.BROKER, CompletableFuture.completedFuture(null));
          CompletableFuture<Void> before = component.isService() ? broker : CompletableFuture.completedFuture(null);
          starts.put(component, before.thenRunAsync(() -> start(launcher, component), threads));
        }
      }
      CompletableFuture<?> all = CompletableFuture.allOf(starts.values().toArray(CompletableFuture[]::new));
      CompletableFuture<@Nullable Object> failed = new CompletableFuture<>();
      starts.values().forEach(each -> each.whenComplete((nothing, e) -> {
        if (e != null) {
          failed.completeExceptionally(e);
        }
      }));
      Thread.ofPlatform().daemon().name("stop-watch").start(() -> cancelWhenStopped(failed));
      Still still = new Still(progress, () -> starting(starts, launcher));
      try {
        CompletableFuture.anyOf(all, failed).join();
      } catch (CompletionException e) {
        threads.shutdownNow();
        if (e.getCause() instanceof StandaloneException known) {
          throw known;
        }
        // Only now: the first logger of this class must come after the choice of the log's files.
        LoggerFactory.getLogger(Up.class).error("start_failed", e.getCause());
        throw new StandaloneException("Expected Hodei to start, but: " + e.getCause() + "; see " + directory.log().resolve("hodei.log"), e);
      } finally {
        still.close();
      }
    }
  }

  private static String starting(Map<Component, CompletableFuture<Void>> starts, Launcher launcher) {
    String views = launcher.views();
    return starts.entrySet().stream().filter(each -> !each.getValue().isDone())
        .map(each -> each.getKey().label() + (each.getKey() == Component.API && !views.isEmpty() ? " (" + views + ")" : ""))
        .collect(Collectors.joining(", "));
  }

  private void cancelWhenStopped(CompletableFuture<?> failed) {
    try {
      stopping.await();
      failed.completeExceptionally(new StandaloneException("Stopped while starting."));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void start(Launcher launcher, Component component) {
    try {
      launcher.start(component);
      progress.up(component, launcher.url(component));
    } catch (IOException e) {
      throw new StandaloneException("Expected " + component.label() + " to start, but: " + e + "; see " + directory.log(), e);
    }
  }

  private void stopAll(Launcher launcher, Settings settings, boolean withWorkers) {
    try (Workers workers = Workers.of(settings)) {
      if (withWorkers) {
        workers.awaitEnd(JOBS_GET, progress);
      }
      for (List<Component> step : Component.steps()) {
        if (withWorkers && step.contains(Component.BROKER)) {
          workers.destroyAll(progress);
        }
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().name("stop-", 0).factory())) {
          step.forEach(component -> threads.execute(() -> stop(launcher, component)));
        }
      }
    }
    UpFile.remove(directory);
    progress.line("stopped");
  }

  private void stop(Launcher launcher, Component component) {
    try {
      launcher.stop(component);
    } catch (StandaloneException e) {
      progress.line(e.getMessage());
    }
  }

  /// What a killed `up` has left: in separate mode the living components go on; else they are ended. Workers are not
  /// touched: lifecycle-service adopts them.
  private Set<Component> clearLeftovers() {
    Set<Component> running = EnumSet.noneOf(Component.class);
    for (Component component : List.of(Component.values()).reversed()) {
      if (RunRecord.living(directory, component).isEmpty()) {
        RunRecord.remove(directory, component);
      } else if (options.separate() && UpFile.read(directory).filter(UpFile::separate).isPresent()) {
        running.add(component);
      } else {
        progress.line("ending " + component.label() + ", left by a killed up");
        Launcher.stopProcess(directory, component);
        RunRecord.remove(directory, component);
      }
    }
    return running;
  }

  private static Set<Port> portsOf(Set<Component> running) {
    Set<Port> ports = EnumSet.noneOf(Port.class);
    running.forEach(each -> ports.add(each.port()));
    if (running.contains(Component.BROKER)) {
      ports.add(Port.CONTROLLER);
    }
    return ports;
  }

  /// On the shutdown hook's thread: the JVM goes on until the main thread has stopped everything.
  private void stopOnSignal() {
    stopping.countDown();
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
