package io.hodei.standalone;

import org.slf4j.bridge.SLF4JBridgeHandler;

/// Where this process's logs go. Called before the first logger is made.
final class Logging {
  private Logging() {}

  /// To `log/hodei.log` and `log/kafka.log`; the terminal is for progress.
  static void toFiles(DataDirectory directory) {
    System.setProperty("log4j2.configurationFile", "classpath:hodei-up-log4j2.xml");
    System.setProperty("hodei.log.dir", directory.log().toString());
    toConsole();
  }

  /// As the service kit configures it: everything on stderr.
  static void toConsole() {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }
}
