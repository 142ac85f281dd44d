package io.hodei.system;

import io.hodei.testkit.Installation;
import io.hodei.testkit.Part;
import io.hodei.testkit.Shell;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Installations that several classes use. Each is started by the first who asks, and stopped with the JVM. Classes run two at a time: who uses
/// one has to lock it (`@ResourceLock`).
final class Shared {
  static final String WHOLE = "the shared installation";
  static final String SEPARATE = "the shared installation of separate parts";
  static final String DOCKER = "the shared installation of containers";

  private static @Nullable Installation whole;
  private static @Nullable Installation separate;
  private static @Nullable Installation docker;

  private Shared() {}

  /// For all tests that harm nobody else.
  static synchronized Installation installation() {
    Installation known = whole;
    return known != null ? known : (whole = started(() -> Installation.start(false, "hodei.gc.interval: \"5s\"")));
  }

  /// Each part its own process, for tests that take parts away. Each leaves all of them well.
  static synchronized Installation separate() {
    Installation known = separate;
    return known != null ? known : (separate = started(() -> Installation.start(true)));
  }

  /// Its pool `default` is of containers of this machine's engine. Each class leaves no worker on it.
  static synchronized Installation docker() {
    Installation known = docker;
    return known != null ? known : (docker = started(() -> Installation.of("docker", "hodei.gc.interval: \"5s\"",
        "hodei.docker.bundles-dir: \"" + Shell.checkout().resolve("build/agent-bundles") + "\"")));
  }

  /// After a test that took parts away, and may have failed before it brought them back.
  static void allWell() {
    Installation hodei = separate();
    if (!Arrays.stream(Part.values()).allMatch(hodei::well)) {
      hodei.askUp();
    }
  }

  private static Installation started(Supplier<Installation> start) {
    Installation started = start.get();
    Runtime.getRuntime().addShutdownHook(new Thread(started::close));
    return started;
  }
}
