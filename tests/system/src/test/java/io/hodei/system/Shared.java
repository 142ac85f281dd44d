package io.hodei.system;

import io.hodei.testkit.Installation;

/// One installation for all tests that harm nobody else. Started by the first who asks, stopped with the JVM.
final class Shared {
  private static Installation installation;

  private Shared() {}

  static synchronized Installation installation() {
    if (installation == null) {
      Installation started = Installation.start(false, "hodei.gc.interval: \"5s\"");
      Runtime.getRuntime().addShutdownHook(new Thread(started::close));
      installation = started;
    }
    return installation;
  }
}
