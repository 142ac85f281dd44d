package io.hodei.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The Apicurio schema registry as a child process; its data is a topic of our broker. `launch` may come before the broker
/// is up: it waits for it.
final class RegistryServer {
  private static final Duration START_LIMIT = Duration.ofSeconds(90);

  private final Path home;
  private final DataDirectory directory;
  private final int port;
  private final int kafka;

  RegistryServer(Path home, DataDirectory directory, Ports ports) {
    this.home = home;
    this.directory = directory;
    this.port = ports.of(Port.REGISTRY);
    this.kafka = ports.of(Port.KAFKA);
  }

  Pid launch() throws IOException {
    Files.createDirectories(directory.registry());
    List<String> command = new ArrayList<>(List.of(Child.java(), "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    settings().forEach(each -> command.add("-D" + each));
    command.addAll(List.of("-jar", home.resolve("quarkus-run.jar").toString()));
    Process process = Child.of(log(), command).directory(directory.registry().toFile()).start();
    return Pid.of(process.pid()).orElseThrow(() -> failed("it ended at once"));
  }

  /// Its time begins when the broker answers, which has a limit of its own; altogether it is three times as long at most.
  void awaitReady(Pid pid) {
    long last = System.nanoTime() + START_LIMIT.multipliedBy(3).toNanos();
    long end = last;
    boolean begun = false;
    while (!answers()) {
      if (!pid.alive()) {
        throw failed("it ended while starting");
      }
      if (!begun && Probe.well(Component.BROKER, kafka)) {
        begun = true;
        end = Math.min(last, System.nanoTime() + START_LIMIT.toNanos());
      }
      if (System.nanoTime() - end > 0) {
        throw failed(begun ? "it did not answer for " + START_LIMIT.toSeconds() + " s after the broker did"
            : "the broker that it needs did not answer for " + START_LIMIT.multipliedBy(3).toSeconds() + " s");
      }
      Pause.millis(100);
    }
  }

  boolean answers() {
    return Probe.status(port, "/apis/ccompat/v7/subjects") == 200;
  }

  static String url(int port) {
    return "http://127.0.0.1:" + port + "/apis/ccompat/v7";
  }

  private Path log() {
    return directory.log().resolve("registry.log");
  }

  private List<String> settings() {
    return List.of("quarkus.http.host=127.0.0.1", "quarkus.http.port=" + port,
        "quarkus.management.host=127.0.0.1", "quarkus.management.port=0",
        "quarkus.otel.sdk.disabled=true", "quarkus.log.category.\"io.apicurio\".level=WARN",
        "quarkus.http.access-log.enabled=false", "quarkus.banner.enabled=false",
        "apicurio.storage.kind=kafkasql", "apicurio.kafkasql.bootstrap.servers=127.0.0.1:" + kafka,
        "apicurio.kafkasql.consumer.poll.timeout=200",
        "apicurio.storage.snapshot.location=" + directory.registry(),
        "apicurio.datasource.jdbc.initial-size=2", "apicurio.datasource.jdbc.min-size=2", "apicurio.datasource.jdbc.max-size=10");
  }

  private StandaloneException failed(String cause) {
    return new StandaloneException("Expected the schema registry to start on port " + port + ", but: " + cause
        + "; the last lines of " + log() + ":\n" + Child.tail(log(), 8));
  }
}
