package io.hodei.lifecycle;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/// One broker in this JVM that can go away and come back with its data and port.
final class TestBroker implements AutoCloseable {
  private final Properties properties = new Properties();
  private final int port = freePort();
  private KafkaRaftServer server;

  TestBroker(Path directory) throws IOException {
    int controller = freePort();
    properties.putAll(java.util.Map.ofEntries(
        java.util.Map.entry("process.roles", "broker,controller"),
        java.util.Map.entry("node.id", "1"),
        java.util.Map.entry("controller.quorum.voters", "1@127.0.0.1:" + controller),
        java.util.Map.entry("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller),
        java.util.Map.entry("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port),
        java.util.Map.entry("controller.listener.names", "CONTROLLER"),
        java.util.Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
        java.util.Map.entry("log.dirs", directory.resolve("logs").toString()),
        java.util.Map.entry("offsets.topic.replication.factor", "1"),
        java.util.Map.entry("offsets.topic.num.partitions", "1"),
        java.util.Map.entry("transaction.state.log.replication.factor", "1"),
        java.util.Map.entry("transaction.state.log.min.isr", "1"),
        java.util.Map.entry("group.initial.rebalance.delay.ms", "0")));
    Path file = Files.createDirectories(directory).resolve("format.properties");
    try (var out = Files.newBufferedWriter(file)) {
      properties.store(out, null);
    }
    try (PrintStream out = new PrintStream(new ByteArrayOutputStream())) {
      StorageTool.execute(new String[] {"format", "--cluster-id", Uuid.randomUuid().toString(), "--config", file.toString()}, out);
    }
    server = started();
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  void stop() {
    server.shutdown();
    server.awaitShutdown();
  }

  void startAgain() {
    server = started();
  }

  private KafkaRaftServer started() {
    KafkaRaftServer starting = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
    starting.startup();
    return starting;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    stop();
  }
}
