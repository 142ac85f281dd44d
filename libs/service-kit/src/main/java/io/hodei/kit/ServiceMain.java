package io.hodei.kit;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.slf4j.bridge.SLF4JBridgeHandler;

/// The `main` of every service: `[--config hodei.yaml]`, runs until SIGTERM, stops in order. Exit code 2 for wrong
/// configuration, 1 when the start fails.
public final class ServiceMain {
  private ServiceMain() {}

  public static void run(String[] args, Function<Settings, ? extends AutoCloseable> start) throws InterruptedException {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    CountDownLatch stopped = new CountDownLatch(1);
    try {
      Settings settings = Settings.load(configOf(args), System.getenv());
      AutoCloseable service = start.apply(settings);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> {
        try {
          service.close();
        } catch (Exception e) {
          System.err.println("Expected an orderly stop, but: " + e);
        }
        stopped.countDown();
      }, "stop"));
    } catch (SettingsException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    } catch (RuntimeException e) {
      e.printStackTrace();
      System.exit(1);
    }
    stopped.await();
  }

  private static @org.jspecify.annotations.Nullable Path configOf(String[] args) {
    if (args.length == 0) {
      return null;
    }
    if (args.length == 2 && args[0].equals("--config")) {
      return Path.of(args[1]);
    }
    throw new SettingsException("Expected [--config FILE], but found: " + String.join(" ", args));
  }
}
