package io.hodei.standalone;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/// One Kafka broker and controller in this JVM, on its own threads. `start` returns when it takes connections; `close`
/// returns when everything is on disk. A fatal storage error halts the JVM: that is Kafka's own rule.
final class Broker implements AutoCloseable {
  private final KafkaRaftServer server;

  private Broker(KafkaRaftServer server) {
    this.server = server;
  }

  /// Formats `directory` when it is new, and starts.
  static Broker start(Path directory, Ports ports) throws IOException {
    Properties properties = BrokerSettings.of(directory, ports);
    clusterId(directory);
    format(directory, properties);
    try {
      if (StaleSession.isLeftIn(properties)) {
        StaleSession.end(properties);
      }
      KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
      server.startup();
      return new Broker(server);
    } catch (RuntimeException e) {
      throw new StandaloneException("Expected the Kafka broker to start on port " + ports.of(Port.KAFKA) + ", but: "
          + e.getMessage() + "; see kafka.log.", e);
    }
  }

  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }

  /// The cluster's id, drawn once and kept beside the broker's data.
  static String clusterId(Path directory) throws IOException {
    Path file = directory.resolve("cluster-id");
    if (!Files.exists(file)) {
      Files.createDirectories(directory);
      DataDirectory.write(file, Uuid.randomUuid().toString());
    }
    return Files.readString(file).strip();
  }

  private static void format(Path directory, Properties properties) throws IOException {
    Path meta = Path.of(properties.getProperty("log.dirs"), "meta.properties");
    if (Files.exists(meta)) {
      return;
    }
    Path file = directory.resolve("format.properties");
    try (var out = Files.newBufferedWriter(file)) {
      properties.store(out, null);
    }
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    int code;
    try (PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8)) {
      code = StorageTool.execute(new String[] {"format", "--ignore-formatted", "--cluster-id", clusterId(directory),
          "--config", file.toString()}, out);
    }
    Files.delete(file);
    if (code != 0) {
      throw new StandaloneException("Expected to format " + directory + " for Kafka, but: "
          + said.toString(StandardCharsets.UTF_8).strip());
    }
  }
}
