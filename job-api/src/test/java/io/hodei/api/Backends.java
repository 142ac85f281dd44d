package io.hodei.api;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/// A broker in this JVM, and as much of a schema registry as gives ids.
final class Backends implements AutoCloseable {
  private final int port = freePort();
  private final KafkaConfig config;
  private final HttpServer registry;
  private final Map<String, Integer> ids = new ConcurrentHashMap<>();
  private KafkaRaftServer broker;

  Backends(Path directory) throws IOException {
    int controller = freePort();
    Properties properties = new Properties();
    properties.put("process.roles", "broker,controller");
    properties.put("node.id", "1");
    properties.put("controller.quorum.voters", "1@127.0.0.1:" + controller);
    properties.put("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller);
    properties.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
    properties.put("controller.listener.names", "CONTROLLER");
    properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    properties.put("log.dirs", directory.resolve("logs").toString());
    for (String one : new String[] {"offsets.topic.replication.factor", "offsets.topic.num.partitions", "transaction.state.log.replication.factor",
        "transaction.state.log.min.isr", "transaction.state.log.num.partitions"}) {
      properties.put(one, "1");
    }
    Path file = directory.resolve("format.properties");
    try (var out = Files.newBufferedWriter(file)) {
      properties.store(out, null);
    }
    try (PrintStream quiet = new PrintStream(new ByteArrayOutputStream())) {
      StorageTool.execute(new String[] {"format", "--cluster-id", Uuid.randomUuid().toString(), "--config", file.toString()}, quiet);
    }
    config = new KafkaConfig(properties, false);
    startBroker();
    registry = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    registry.createContext("/", exchange -> {
      exchange.getRequestBody().readAllBytes();
      int id = ids.computeIfAbsent(exchange.getRequestURI().getPath(), path -> ids.size() + 1);
      byte[] body = ("{\"id\":" + id + "}").getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    registry.start();
  }

  String bootstrap() {
    return "127.0.0.1:" + port;
  }

  String registryUrl() {
    return "http://127.0.0.1:" + registry.getAddress().getPort();
  }

  void startBroker() {
    broker = new KafkaRaftServer(config, Time.SYSTEM);
    broker.startup();
  }

  void stopBroker() {
    broker.shutdown();
    broker.awaitShutdown();
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    registry.stop(0);
    stopBroker();
  }
}
