package io.hodei.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Runs once when the client is installed, so that the JVM can keep what the commands load: the commands that people wait
/// for, against a server of its own that has one finished job, and a data directory of its own. What they print is of no use.
final class LocalTraining {
  private static final String JOB = "{\"id\":\"019a0000-0000-7000-8000-000000000000\",\"pool\":\"default\",\"state\":\"SUCCEEDED\","
      + "\"attempt\":1,\"exitCode\":0,\"command\":[\"true\"],\"submittedAt\":\"2026-01-01T00:00:00.000Z\","
      + "\"startedAt\":\"2026-01-01T00:00:00.000Z\",\"finishedAt\":\"2026-01-01T00:00:00.100Z\",\"transitions\":[],\"logRef\":[]}";
  private static final int LONGEST_MS = 10_000;

  private LocalTraining() {}

  public static void main(String[] args) throws Exception {
    Path data = Files.createTempDirectory("hodei-training");
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", LocalTraining::answer);
    server.start();
    try {
      record(data, server.getAddress().getPort());
      Thread commands = Thread.ofPlatform().daemon().name("commands").start(() -> runAll(data.toString()));
      commands.join(LONGEST_MS);
    } finally {
      server.stop(0);
      remove(data);
    }
    System.exit(0);
  }

  private static void runAll(String data) {
    for (List<String> words : List.of(
        List.of("--help"),
        List.of("status", "--data", data),
        List.of("status", "-o", "json", "--data", data),
        List.of("doctor", "--data", data),
        List.of("jobs", "list", "--data", data),
        List.of("jobs", "-o", "json", "--data", data),
        List.of("workers", "--data", data),
        List.of("logs", "@last", "--data", data),
        List.of("run", "--data", data, "--", "true"))) {
      int code = Main.run(Surroundings.ofThisProcess(), words.toArray(String[]::new));
      System.err.println(words + " ended with " + code);
    }
  }

  private static void answer(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    String path = exchange.getRequestURI().getPath();
    String text = path.endsWith("/logs")
        ? "{\"seq\":1,\"at\":\"2026-01-01T00:00:00.000Z\",\"stream\":\"stdout\",\"text\":\"x\"}\n"
            + "{\"end\":true,\"lines\":1,\"complete\":true,\"missing\":[]}\n"
        : path.startsWith("/v1/jobs/") || exchange.getRequestMethod().equals("POST") ? JOB
        : path.equals("/v1/jobs") ? "{\"items\":[" + JOB + "],\"nextCursor\":null}" : "{\"items\":[],\"status\":\"UP\"}";
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /// As `up` records itself: this process is the job-api.
  private static void record(Path data, int port) throws IOException {
    ObjectMapper json = new ObjectMapper();
    String url = "http://127.0.0.1:" + port;
    String stat = Files.readString(Path.of("/proc/self/stat"), StandardCharsets.ISO_8859_1);
    long startTicks = Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19]);
    long pid = ProcessHandle.current().pid();
    Files.createDirectories(data.resolve("run"));
    Files.writeString(data.resolve("hodei-data.json"), "{\"format\":1}");
    Files.writeString(data.resolve("run/job-api.json"), json.writeValueAsString(Map.of("name", "job-api", "pid", pid,
        "startTicks", startTicks, "url", url, "port", port, "healthPath", "/health/ready")));
    Files.writeString(data.resolve("up.json"), json.writeValueAsString(Map.of("installation", "training", "ready", true,
        "pid", pid, "startTicks", startTicks, "urls", Map.of("api", url), "services", List.of("job-api"))));
  }

  private static void remove(Path data) throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
