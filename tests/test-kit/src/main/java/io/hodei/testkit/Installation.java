package io.hodei.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.Properties;

/// An installation of its own, started by `./hodei up --detach` in a data directory and stopped by `./hodei down --purge`: the real binaries,
/// seen from outside.
public final class Installation implements AutoCloseable {
  private static final AtomicInteger MADE = new AtomicInteger();

  private final Path data;
  private final Path work;
  private final List<String> options;
  private final Map<String, String> ofUp;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private JsonNode up;
  private Duration startTook;

  private Installation(Path data, Path work, List<String> options, Map<String, String> ofUp) {
    this.ofUp = ofUp;
    this.data = data;
    this.work = work;
    this.options = options;
    this.startTook = Duration.ZERO;
    this.up = com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode();
  }

  /// Starts one in a fresh data directory. `configuration` is put into its `hodei.yaml`, line by line.
  public static Installation start(boolean separate, String... configuration) {
    return start(folder(), separate, configuration);
  }

  /// The same by `up --provider PROVIDER`.
  public static Installation of(String provider, String... configuration) {
    return of(provider, folder(), Map.of(), configuration);
  }

  /// The same in `base`, with these variables in the environment of `up`.
  public static Installation of(String provider, Path base, Map<String, String> environment, String... configuration) {
    return start(base, List.of("--provider", provider), environment, configuration);
  }

  private static Path folder() {
    try {
      return Files.createTempDirectory("hodei-test-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Starts one in `base`, which has a directory `data` for Hodei and one, `work`, for what jobs write.
  public static Installation start(Path base, boolean separate, String... configuration) {
    return start(base, separate ? List.of("--separate") : List.of(), Map.of(), configuration);
  }

  private static Installation start(Path base, List<String> options, Map<String, String> environment, String... configuration) {
    try {
      Installation installation = new Installation(base.resolve("data"), Files.createDirectories(base.resolve("work")), options, environment);
      Files.createDirectories(installation.data);
      Files.writeString(installation.data.resolve("ports.json"), ports());
      if (configuration.length > 0) {
        Files.writeString(installation.data.resolve("hodei.yaml"), String.join("\n", configuration) + "\n");
      }
      try {
        installation.up();
      } catch (AssertionError e) {
        // What has started shall not run on; its logs stay.
        Shell.hodei(Map.of(), installation.work, List.of("down", "--data", installation.data.toString()));
        throw e;
      }
      return installation;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Ports as `up` records them, so that installations that start at once never look for the same free ones.
  private static String ports() {
    int first = 20_000 + (int) (ProcessHandle.current().pid() % 100) * 100 + 10 * MADE.getAndIncrement();
    List<String> parts = List.of("API", "GATEWAY", "LIFECYCLE", "GC", "AUDIT", "KAFKA", "CONTROLLER", "POSTGRES", "REGISTRY");
    return IntStream.range(0, parts.size()).mapToObj(i -> "\"" + parts.get(i) + "\":" + (first + i)).collect(Collectors.joining(",", "{", "}"));
  }

  /// `./hodei up --detach` on the same data directory.
  public Ran up() {
    return askUp().exits(0);
  }

  /// The same, whatever its exit code: it also answers for parts that have nothing to do with what is asked.
  public Ran askUp() {
    List<String> arguments = new ArrayList<>(List.of("up", "--detach", "--data", data.toString()));
    arguments.addAll(options);
    Ran ran = Shell.hodei(ofUp, work, arguments);
    startTook = ran.took();
    if (ran.exit() == 0) {
      up = read(data.resolve("up.json"));
    }
    return ran;
  }

  public Duration startTook() {
    return startTook;
  }

  public Path data() {
    return data;
  }

  /// A directory for what jobs write.
  public Path work() {
    return work;
  }

  public String id() {
    return up.path("installation").asText();
  }

  /// Address of `api`, `kafka`, `registry`, `postgres`, …
  public String url(String name) {
    return up.path("urls").path(name).asText();
  }

  /// `host:port` of the broker.
  public String bootstrap() {
    return url("kafka").replaceFirst("^[a-z]+://", "");
  }

  public Ran cli(String... arguments) {
    return Shell.hodei(environment(), work, withData(List.of(arguments)));
  }

  public Process cliStart(String... arguments) {
    return Shell.start(environment(), work, withData(List.of(arguments)));
  }

  /// `./hodei serve SERVICE` in the background, as a person would bring it back.
  public Process serve(String service) {
    return serve(service, data.resolve("hodei.yaml"), work.resolve(service + ".log"));
  }

  /// The same with a configuration of one's own.
  public Process serve(String service, Path configuration, Path log) {
    try {
      ProcessBuilder builder = new ProcessBuilder(Shell.checkout().resolve("hodei").toString(), "serve", service, "--config", configuration.toString());
      builder.environment().keySet().removeIf(name -> name.startsWith("HODEI_") && !name.equals("HODEI_NO_BUILD"));
      builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, String> environment() {
    return new HashMap<>(Map.of("HODEI_URL", url("api")));
  }

  private List<String> withData(List<String> arguments) {
    List<String> all = new ArrayList<>(arguments);
    int dashes = all.indexOf("--");
    all.addAll(dashes < 0 ? all.size() : dashes, List.of("--data", data.toString()));
    return all;
  }

  public Answer get(String path) {
    return send(HttpRequest.newBuilder(URI.create(url("api") + path)).GET());
  }

  public Answer post(String path, String json, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url("api") + path)).header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(json));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  public Answer put(String path, String json) {
    return send(HttpRequest.newBuilder(URI.create(url("api") + path)).header("Content-Type", "application/json").PUT(HttpRequest.BodyPublishers.ofString(json)));
  }

  public Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> answer = http.send(request.timeout(Duration.ofSeconds(90)).build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(answer.statusCode(), answer.headers(), answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// Submits one job; its id.
  public String submit(String json) {
    return post("/v1/jobs", json).is(202).json().path("id").asText();
  }

  /// The job when it is terminal.
  public JsonNode ended(String job) {
    long end = System.nanoTime() + Duration.ofMinutes(3).toNanos();
    while (true) {
      JsonNode found = get("/v1/jobs/" + job + "?wait=terminal&timeout=30s").is(200).json();
      if (List.of("SUCCEEDED", "FAILED", "CANCELLED", "TIMEOUT").contains(found.path("state").asText())) {
        return found;
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("Expected job " + job + " to end, but found " + found.toPrettyString() + "\nwhy: " + get("/v1/jobs/" + job + "/why").body());
      }
    }
  }

  /// Waits until the job is in `state`.
  public JsonNode inState(String job, String state) {
    return Await.until("job " + job + " to be " + state, Duration.ofSeconds(60), () -> {
      JsonNode found = get("/v1/jobs/" + job).is(200).json();
      return found.path("state").asText().equals(state) ? found : null;
    });
  }

  public JsonNode worker(String id) {
    return get("/v1/workers/" + id).is(200).json();
  }

  /// Waits until the worker is TERMINATED.
  public JsonNode gone(String worker) {
    return Await.until("worker " + worker + " to be TERMINATED", Duration.ofSeconds(90), () -> {
      JsonNode found = worker(worker);
      return found.path("state").asText().equals("TERMINATED") ? found : null;
    });
  }

  /// `status -o json`.
  public JsonNode status() {
    return new Answer(0, HttpHeadersOf.none(), cli("status", "-o", "json").out()).json();
  }

  /// The process id of a service of a separate installation.
  public long pidOf(String service) {
    for (JsonNode each : status().path("services")) {
      if (each.path("name").asText().equals(service)) {
        return each.path("pid").asLong();
      }
    }
    throw new AssertionError("Expected " + service + " in the status, but found " + status());
  }

  /// A connection to its audit database, as audit-service has it.
  public Connection database() {
    try {
      Properties login = new Properties();
      for (String line : Files.readAllLines(data.resolve("hodei.yaml"))) {
        if (line.startsWith("hodei.audit.")) {
          login.put(line.substring("hodei.audit.".length(), line.indexOf(':')), line.substring(line.indexOf(':') + 1).trim().replace("\"", ""));
        }
      }
      return DriverManager.getConnection(login.getProperty("jdbc-url"), login.getProperty("user"), login.getProperty("password"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The event ids of all rows of the audit.
  public List<String> auditedEvents() {
    List<String> ids = new ArrayList<>();
    try (Connection db = database(); Statement sql = db.createStatement(); ResultSet rows = sql.executeQuery("select event_id from audit.events")) {
      while (rows.next()) {
        ids.add(rows.getString(1));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return ids;
  }

  /// Whether a part of a separate installation is ready or, when it is no service, takes connections.
  public boolean well(Part part) {
    if (part.isService()) {
      return ready(part.url());
    }
    URI address = URI.create(url(part.url()).contains("://") ? url(part.url()) : "tcp://" + url(part.url()));
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /// Whether a service, by the name of its URL (`api`, `gateway`, …), says that it is ready; false while nobody answers.
  public boolean ready(String name) {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url(name) + "/health/ready")).timeout(Duration.ofSeconds(3)).build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// The process id of `up`.
  public long pid() {
    return up.path("pid").asLong();
  }

  @Override
  public void close() {
    Shell.hodei(Map.of(), work, List.of("down", "--purge", "--data", data.toString()));
  }

  private static JsonNode read(Path file) {
    try {
      return new com.fasterxml.jackson.databind.ObjectMapper().readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
