package io.hodei.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.hodei.kit.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Real broker, registry and Postgres, stopped and killed, and found again with their data.
@Timeout(180)
class BackendsIT {
  private static final Path DIST = Path.of("target/dist").toAbsolutePath();

  @TempDir
  private Path temporary = Path.of("set by JUnit");
  private final Deque<Pid> started = new ArrayDeque<>();
  private DataDirectory directory = new DataDirectory(temporary);
  private Ports ports = new Ports(java.util.Map.of(), java.util.List.of());

  @BeforeEach
  void makeDirectory() throws Exception {
    directory = new DataDirectory(temporary.resolve("data"));
    directory.prepare();
    ports = Ports.choose(directory, OptionalInt.empty(), Set.of());
  }

  @AfterEach
  void endWhatRuns() {
    started.forEach(pid -> pid.end(Duration.ofSeconds(10)));
  }

  @Test
  void theRegistryKeepsItsSchemasOverARestartOfItselfAndTheBroker() throws Exception {
    int id;
    try (Broker _ = Broker.start(directory.kafka(), ports)) {
      Pid registry = startRegistry();
      id = register("{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"string\"}]}");
      assertTrue(registry.end(Duration.ofSeconds(15)), "the registry did not stop");
    }
    try (Broker _ = Broker.start(directory.kafka(), ports)) {
      startRegistry();
      assertTrue(get("/schemas/ids/" + id).path("schema").asText().contains("\"R\""), "schema " + id + " is lost");
    }
  }

  @Test
  void postgresKeepsItsRowsOverAKill() throws Exception {
    Postgres postgres = new Postgres(DIST.resolve("postgres"), directory, ports.of(Port.POSTGRES));
    Pid first = remember(postgres.start());
    execute(postgres, "create table kept(n int); insert into kept values (7)");
    ProcessHandle.of(first.pid()).orElseThrow().destroyForcibly();
    assertTrue(first.awaitDeath(Duration.ofSeconds(5)), "still there");

    Pid second = remember(postgres.start());

    assertFalse(second.equals(first), "the same process");
    assertEquals(7, query(postgres, "select n from kept"));
  }

  @Test
  void postgresStartsOverAPidFileThatNamesAnotherLivingProcess() throws Exception {
    Postgres postgres = new Postgres(DIST.resolve("postgres"), directory, ports.of(Port.POSTGRES));
    Pid first = remember(postgres.start());
    Path file = directory.postgres().resolve("data/postmaster.pid");
    String left = Files.readString(file);
    assertTrue(first.end(Duration.ofSeconds(10)), "did not stop");
    Files.writeString(file, left.replaceFirst("^\\d+", Long.toString(ProcessHandle.current().pid())));

    remember(postgres.start());

    assertTrue(postgres.answers(), "does not answer");
    assertTrue(ProcessHandle.current().isAlive(), "the process that the file named was touched");
  }

  @Test
  void postgresAcceptsNobodyWithoutItsPassword() throws Exception {
    Postgres postgres = new Postgres(DIST.resolve("postgres"), directory, ports.of(Port.POSTGRES));
    remember(postgres.start());

    String refusal = org.junit.jupiter.api.Assertions.assertThrows(java.sql.SQLException.class, () ->
        DriverManager.getConnection(Postgres.jdbcUrl(ports.of(Port.POSTGRES)), Postgres.USER, "guess").close()).getMessage();

    assertTrue(refusal.contains("password authentication failed"), refusal);
  }

  private Pid startRegistry() throws Exception {
    RegistryServer registry = new RegistryServer(DIST.resolve("registry"), directory, ports);
    Pid pid = remember(registry.launch());
    registry.awaitReady(pid);
    return pid;
  }

  private Pid remember(Pid pid) {
    started.push(pid);
    return pid;
  }

  private int register(String schema) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(RegistryServer.url(ports.of(Port.REGISTRY)) + "/subjects/kept-value/versions"))
        .header("Content-Type", "application/vnd.schemaregistry.v1+json")
        .POST(HttpRequest.BodyPublishers.ofString(Json.text(java.util.Map.of("schema", schema)))).build();
    return send(request).path("id").asInt();
  }

  private JsonNode get(String path) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(RegistryServer.url(ports.of(Port.REGISTRY)) + path)).build());
  }

  private static JsonNode send(HttpRequest request) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertEquals(200, answer.statusCode(), answer.body());
      return Json.MAPPER.readTree(answer.body());
    }
  }

  private void execute(Postgres postgres, String sql) throws Exception {
    try (Connection connection = connect(postgres); Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private int query(Postgres postgres, String sql) throws Exception {
    try (Connection connection = connect(postgres); Statement statement = connection.createStatement();
         ResultSet rows = statement.executeQuery(sql)) {
      assertTrue(rows.next(), "no row");
      return rows.getInt(1);
    }
  }

  private Connection connect(Postgres postgres) throws Exception {
    return DriverManager.getConnection(Postgres.jdbcUrl(ports.of(Port.POSTGRES)), Postgres.USER, postgres.password());
  }
}
