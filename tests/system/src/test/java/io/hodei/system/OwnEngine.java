package io.hodei.system;

import io.hodei.testkit.Await;
import io.hodei.testkit.Containers;
import io.hodei.testkit.ProcessTable;
import io.hodei.testkit.Ran;
import io.hodei.testkit.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A Docker engine of a test's own, beside the machine's: to be stopped without harm to anybody. Needs root; its containers have the host's network. It has a
/// bridge of its own, made by the machine's engine: one that is told to have none (`--bridge none`) removes docker0, which is everybody's.
final class OwnEngine implements AutoCloseable {
  private static final Duration GUARD = Duration.ofMinutes(1);

  private final Path base;
  private final String bridge;
  private @Nullable Process daemon;

  private OwnEngine(Path base, String bridge) {
    this.base = base;
    this.bridge = bridge;
  }

  /// For JUnit's EnabledIf: under CI=true it has to be possible.
  static boolean isWanted() {
    return "true".equals(System.getenv("CI")) || Containers.areWanted()
        && Shell.run(Map.of(), Path.of("/"), List.of("sh", "-c", "[ \"$(id -u)\" = 0 ] && command -v dockerd"), GUARD).exit() == 0;
  }

  /// One that runs and has this image of the machine's engine.
  static OwnEngine with(String image) {
    try {
      // The kernel takes no longer name for a device than fifteen letters.
      OwnEngine engine = new OwnEngine(Files.createTempDirectory("hodei-engine"), "hodei-" + Long.toHexString(ProcessHandle.current().pid()));
      try {
        Containers.docker("network", "create", "--opt", "com.docker.network.bridge.name=" + engine.bridge, engine.bridge).exits(0);
        engine.start();
        Shell.run(Map.of(), Path.of("/"), List.of("sh", "-c", "docker save " + image + " | docker -H " + engine.host() + " load"), GUARD).exits(0);
        return engine;
      } catch (RuntimeException | Error e) {
        engine.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What `hodei.docker.host` has to be.
  String host() {
    return "unix://" + base.resolve("docker.sock");
  }

  void start() {
    try {
      daemon = new ProcessBuilder("dockerd", "--host", host(), "--data-root", base.resolve("data").toString(), "--exec-root", base.resolve("exec").toString(),
          "--pidfile", base.resolve("pid").toString(), "--bridge", bridge, "--iptables=false").redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(base.resolve("log").toFile())).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Await.whenTrue("the engine to answer", GUARD, () -> docker("version").exit() == 0);
  }

  /// As an administrator stops it: its containers end with it.
  void stop() {
    Process running = daemon;
    if (running != null) {
      ProcessTable.signal("TERM", running.pid());
      Await.whenTrue("the engine to end", GUARD, () -> !running.isAlive());
      daemon = null;
    }
  }

  Ran docker(String... arguments) {
    List<String> command = new ArrayList<>(List.of("docker", "-H", host()));
    command.addAll(List.of(arguments));
    return Shell.run(Map.of(), Path.of("/"), command, GUARD);
  }

  /// Names of all containers, of whatever state, and volumes of workers.
  List<String> left() {
    List<String> found = new ArrayList<>();
    docker("ps", "-a", "--filter", "label=hodei.io/worker-id", "--format", "{{.Names}}").exits(0).out().lines().forEach(found::add);
    docker("volume", "ls", "--filter", "label=hodei.io/worker-id", "--format", "{{.Name}}").exits(0).out().lines().forEach(found::add);
    return found;
  }

  @Override
  public void close() {
    stop();
    Containers.docker("network", "rm", bridge);
    // The engine leaves the namespace of containers with the host's network mounted.
    Shell.run(Map.of(), Path.of("/"), List.of("sh", "-c", "umount " + base + "/exec/netns/* 2>/dev/null; rm -rf " + base), GUARD).exits(0);
  }
}
