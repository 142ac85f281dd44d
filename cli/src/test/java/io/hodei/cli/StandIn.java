package io.hodei.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;

/// A job-api that has one job and answers by the contract, with the faults that a test asks for.
final class StandIn implements AutoCloseable {
  static final String ID = "019a0000-0000-7000-8000-00000000abcd";

  record Asked(String method, String path, String query, Map<String, List<String>> headers, String body) {
    String header(String name) {
      return headers.entrySet().stream().filter(each -> each.getKey().equalsIgnoreCase(name)).map(each -> each.getValue().getFirst())
          .findFirst().orElse("");
    }
  }

  /// What one call is answered; `body` null: the connection is cut.
  record Reply(int status, String body) {}

  final ObjectNode job = Json.object().put("id", ID).put("pool", "default").put("state", "SUCCEEDED").put("attempt", 1).put("exitCode", 0)
      .put("submittedAt", "2026-11-21T04:00:00.000Z").put("startedAt", "2026-11-21T04:00:00.100Z").put("finishedAt", "2026-11-21T04:00:00.500Z")
      .put("workerId", "w-1");
  final List<Asked> asked = new CopyOnWriteArrayList<>();
  final List<String> log = new CopyOnWriteArrayList<>();
  final Map<String, Function<Asked, Reply>> answers = new ConcurrentHashMap<>();
  /// After how many lines the n-th reading of the log is cut; those after the last are whole.
  final List<Integer> cuts = new ArrayList<>();
  volatile Runnable beforeEnd = () -> { };
  private HttpServer server;
  private int readings;

  StandIn() throws IOException {
    server = serve(0);
    job.putArray("command").add("echo").add("hi");
  }

  private HttpServer serve(int port) throws IOException {
    HttpServer made = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    made.createContext("/", this::handle);
    made.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    made.start();
    return made;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  void stop() {
    server.stop(0);
  }

  void start() throws IOException {
    server = serve(server.getAddress().getPort());
  }

  /// A line, or with `partial` a piece of one, as job-api writes it.
  void line(int attempt, String stream, byte[] content, boolean partial) {
    ObjectNode line = Json.object().put("seq", log.stream().filter(each -> each.contains("\"attempt\":" + attempt + ",")).count() + 1)
        .put("attempt", attempt).put("at", "2026-11-21T04:00:00.100Z").put("stream", stream)
        .put("text", new String(content, StandardCharsets.UTF_8));
    if (!Arrays.equals(new String(content, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8), content)) {
      line.put("bytes", Base64.getEncoder().encodeToString(content));
    }
    if (partial) {
      line.put("partial", true);
    }
    log.add(line.toString());
  }

  void line(String stream, String text) {
    line(1, stream, text.getBytes(StandardCharsets.UTF_8), false);
  }

  void on(String methodAndPath, Function<Asked, Reply> answer) {
    answers.put(methodAndPath, answer);
  }

  List<Asked> asked(String method, String path) {
    return asked.stream().filter(each -> each.method().equals(method) && each.path().equals(path)).toList();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String query = exchange.getRequestURI().getQuery();
    Asked call = new Asked(exchange.getRequestMethod(), exchange.getRequestURI().getPath(), query == null ? "" : query,
        Map.copyOf(exchange.getRequestHeaders()), body);
    asked.add(call);
    Function<Asked, Reply> special = answers.get(call.method() + " " + call.path());
    if (special != null) {
      reply(exchange, special.apply(call));
    } else if (call.path().equals("/v1/jobs/" + ID + "/logs")) {
      logs(exchange, call);
    } else if (call.path().equals("/v1/jobs") && call.method().equals("GET")) {
      boolean here = !call.query().contains("idPrefix=") || call.query().contains("idPrefix=" + ID.substring(0, 4));
      reply(exchange, new Reply(200, "{\"items\":[" + (here ? job : "") + "],\"nextCursor\":null}"));
    } else if (call.path().equals("/v1/jobs")) {
      reply(exchange, new Reply(202, job.toString()));
    } else if (call.path().startsWith("/v1/jobs/" + ID)) {
      reply(exchange, new Reply(call.method().equals("POST") ? 202 : 200, job.toString()));
    } else {
      reply(exchange, new Reply(404, "{\"type\":\"urn:hodei:problem:not-found\",\"detail\":\"Expected something known, but found " + call.path() + ".\"}"));
    }
  }

  private static void reply(HttpExchange exchange, Reply reply) throws IOException {
    if (reply.status() == 0) {
      exchange.close();
      return;
    }
    byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", reply.status() < 400 ? "application/json" : "application/problem+json");
    exchange.sendResponseHeaders(reply.status(), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /// As job-api does: `from` counts in attempt 1 only.
  private void logs(HttpExchange exchange, Asked call) throws IOException {
    int cut;
    synchronized (this) {
      cut = readings < cuts.size() ? cuts.get(readings) : Integer.MAX_VALUE;
      readings++;
    }
    long from = call.query().contains("from=") ? Long.parseLong(call.query().replaceAll(".*from=(\\d+).*", "$1")) : 1;
    exchange.getResponseHeaders().add("Content-Type", "application/x-ndjson");
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    int sent = 0;
    for (String line : log) {
      if (line.contains("\"attempt\":1,") && Long.parseLong(line.substring("{\"seq\":".length(), line.indexOf(','))) < from) {
        continue;
      }
      if (sent++ == cut) {
        // Cut in the middle of a line, and of the chunked coding.
        out.write(line.substring(0, line.length() / 2).getBytes(StandardCharsets.UTF_8));
        out.flush();
        throw new IOException("cut, as the test asks");
      }
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    }
    beforeEnd.run();
    out.write((end + "\n").getBytes(StandardCharsets.UTF_8));
    exchange.close();
  }

  volatile String end = "{\"end\":true,\"lines\":1,\"complete\":true,\"missing\":[]}";

  @Override
  public void close() {
    server.stop(0);
  }
}
