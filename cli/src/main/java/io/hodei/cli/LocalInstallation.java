package io.hodei.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// An installation on this machine as its data directory and its processes show it. Reads only; any thread.
record LocalInstallation(Path data) {
  private static final int PATIENCE_MS = 1_000;
  private static final String MARKER = "hodei-data.json";

  /// One part of the installation. `state`: `up`, `unready` (its process lives, but does not do its work) or `dead`.
  record Service(String name, long pid, String url, String state) {}

  LocalInstallation {
    data = data.toAbsolutePath().normalize();
  }

  /// Where `up` keeps its data unless told otherwise.
  static Path defaultData() {
    String given = System.getProperty("hodei.default-data", "");
    return given.isEmpty() ? Path.of(System.getProperty("user.home"), ".hodei") : Path.of(given);
  }

  boolean exists() {
    return Files.isRegularFile(data.resolve(MARKER));
  }

  /// The URL of its job-api when that runs.
  Optional<String> apiUrl() {
    return read(data.resolve("run/job-api.json")).filter(LocalInstallation::alive).map(record -> record.path("url").asText());
  }

  /// The installation id, empty before the first `up`.
  String installation() {
    try {
      return Files.readAllLines(data.resolve("hodei.yaml")).stream()
          .filter(line -> line.startsWith("hodei.installation-id:"))
          .map(line -> line.substring(line.indexOf(':') + 1).replace("\"", "").strip())
          .findFirst().orElse("");
    } catch (IOException e) {
      return "";
    }
  }

  /// The version of what runs, else of what made the directory.
  String version() {
    return read(data.resolve("up.json")).map(up -> up.path("version").asText())
        .or(() -> read(data.resolve(MARKER)).map(marker -> marker.path("createdBy").asText()))
        .orElse("");
  }

  /// Every part that runs or should: empty after an orderly stop. Looks at all of them at once.
  List<Service> services() {
    List<Callable<Service>> looks = new ArrayList<>();
    read(data.resolve("up.json")).ifPresent(up -> up.path("services").forEach(name ->
        looks.add(() -> look(name.asText()))));
    try (ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().daemon().factory())) {
      List<Service> services = new ArrayList<>();
      for (Future<Service> look : threads.invokeAll(looks)) {
        services.add(look.get());
      }
      return services;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while looking at the services", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("A look at a service failed", e);
    }
  }

  private Service look(String name) {
    Optional<JsonNode> record = read(data.resolve("run").resolve(name + ".json"));
    if (record.isEmpty()) {
      return new Service(name, 0, "", "dead");
    }
    JsonNode found = record.get();
    String state = !alive(found) ? "dead" : well(found.path("port").asInt(), found.path("healthPath").asText()) ? "up" : "unready";
    return new Service(name, found.path("pid").asLong(), found.path("url").asText(), state);
  }

  /// The process that was recorded, not another that has got its pid.
  private static boolean alive(JsonNode record) {
    try {
      String stat = Files.readString(Path.of("/proc", record.path("pid").asText(), "stat"), StandardCharsets.ISO_8859_1);
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return !fields[0].equals("Z") && !fields[0].equals("X") && fields[19].equals(record.path("startTicks").asText());
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  private static boolean well(int port, String path) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MS);
      if (path.isEmpty()) {
        return true;
      }
      socket.setSoTimeout(PATIENCE_MS);
      socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
          + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII).endsWith(" 200");
    } catch (IOException e) {
      return false;
    }
  }

  private static Optional<JsonNode> read(Path file) {
    try {
      return Optional.of(Json.MAPPER.readTree(Files.readAllBytes(file)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
