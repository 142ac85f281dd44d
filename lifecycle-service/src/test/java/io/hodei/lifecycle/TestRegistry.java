package io.hodei.lifecycle;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// As much of a schema registry as a service needs to start: it gives ids.
final class TestRegistry implements AutoCloseable {
  private final List<String> subjects = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  TestRegistry() throws IOException {
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext("/subjects/", exchange -> answer(exchange, 200, "{\"id\":" + idOf(exchange.getRequestURI().getPath()) + "}"));
    server.createContext("/schemas/", exchange -> answer(exchange, 404, "{}"));
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private synchronized int idOf(String subject) {
    if (!subjects.contains(subject)) {
      subjects.add(subject);
    }
    return subjects.indexOf(subject) + 1;
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getRequestBody().readAllBytes();
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
