package io.hodei.standalone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/// The Postgres of this installation: a child process on 127.0.0.1, whose superuser `hodei` has a drawn password. `start`
/// returns when database `hodei` takes statements. What a kill -9 has left (a server, its children, its pid file) never
/// stops the next start.
final class Postgres {
  static final String USER = "hodei";
  static final String DATABASE = "hodei";
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private final Path home;
  private final Path base;
  private final Path log;
  private final int port;

  Postgres(Path home, DataDirectory directory, int port) {
    this.home = home;
    this.base = directory.postgres();
    this.log = directory.log().resolve("postgres.log");
    this.port = port;
  }

  /// Starts it, and answers its process.
  Pid start() throws IOException {
    Files.createDirectories(base);
    Secrets.of(base.resolve("password"));
    if (!Files.exists(cluster().resolve("PG_VERSION"))) {
      initialise();
    }
    clearLeftovers();
    Process process = Child.of(log, asNoRoot(Stream.concat(
        Stream.of(home.resolve("bin/postgres").toString(), "-D", cluster().toString(), "-p", Integer.toString(port)),
        settings().stream().flatMap(each -> Stream.of("-c", each))).toList())).start();
    Pid pid = Pid.of(process.pid()).orElseThrow(() -> failed("it ended at once"));
    awaitReady(pid);
    return pid;
  }

  /// Ends it at once and in order, whatever clients are connected.
  static boolean stop(Pid pid) {
    pid.interrupt();
    return pid.awaitDeath(Duration.ofSeconds(15)) || pid.end(Duration.ofSeconds(2));
  }

  /// A statement runs: it is up.
  boolean answers() {
    try (Connection connection = connect("postgres")) {
      return connection.isValid(2);
    } catch (SQLException | IOException e) {
      return false;
    }
  }

  /// Its password's file, for the owner only.
  String password() throws IOException {
    return Secrets.of(base.resolve("password"));
  }

  static String jdbcUrl(int port) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + DATABASE;
  }

  private Path cluster() {
    return base.resolve("data");
  }

  private static List<String> settings() {
    return List.of("listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=40", "shared_buffers=64MB",
        "log_min_messages=warning", "password_encryption=scram-sha-256", "max_wal_size=256MB", "jit=off");
  }

  private void initialise() throws IOException {
    Path draft = base.resolve("data.new");
    Files.createDirectories(draft);
    wipe(draft);
    Process process = Child.of(log, asNoRoot(List.of(home.resolve("bin/initdb").toString(), "-D", draft.toString(), "-U", USER,
        "-A", "scram-sha-256", "--pwfile=" + base.resolve("password"), "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"))).start();
    int code = exitCode(process);
    if (code != 0) {
      throw failed("initdb ended with " + code);
    }
    Files.move(draft, cluster());
  }

  /// Postgres refuses to start while its pid file names a living process, whoever that is by now, or while children of a
  /// killed server still use its memory.
  private void clearLeftovers() throws IOException {
    Path file = cluster().resolve("postmaster.pid");
    if (Files.exists(file)) {
      ownedProcesses().forEach(Postgres::stop);
      Files.deleteIfExists(file);
    }
  }

  /// Processes that work in our database directory: only a Postgres of ours does.
  private List<Pid> ownedProcesses() throws IOException {
    Path ours = cluster().toRealPath();
    return ProcessHandle.allProcesses()
        .filter(each -> worksIn(each.pid(), ours))
        .flatMap(each -> Pid.of(each.pid()).stream())
        .toList();
  }

  private static boolean worksIn(long pid, Path directory) {
    try {
      return Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "cwd")).equals(directory);
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  private void awaitReady(Pid pid) throws IOException {
    long end = System.nanoTime() + START_LIMIT.toNanos();
    while (true) {
      try (Connection connection = connect("postgres"); Statement statement = connection.createStatement()) {
        boolean exists;
        try (var found = statement.executeQuery("select 1 from pg_database where datname = '" + DATABASE + "'")) {
          exists = found.next();
        }
        if (!exists) {
          statement.execute("create database " + DATABASE);
        }
        return;
      } catch (SQLException e) {
        if (!pid.alive()) {
          throw failed("it ended while starting");
        }
        if (System.nanoTime() > end) {
          throw failed(e.getMessage());
        }
      }
      Pause.millis(50);
    }
  }

  private Connection connect(String database) throws SQLException, IOException {
    Properties properties = new Properties();
    properties.put("user", USER);
    properties.put("password", password());
    properties.put("connectTimeout", "2");
    properties.put("socketTimeout", "20");
    return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + database, properties);
  }

  /// Postgres refuses root. In a user namespace of its own root is nobody, and the files stay root's.
  private static List<String> asNoRoot(List<String> command) throws IOException {
    boolean root = Files.readString(Path.of("/proc/self/status"), StandardCharsets.UTF_8).lines()
        .anyMatch(line -> line.startsWith("Uid:") && line.split("\\s+")[2].equals("0"));
    return root ? Stream.concat(Stream.of("unshare", "--user"), command.stream()).toList() : command;
  }

  private static void wipe(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        if (!file.equals(directory)) {
          Files.delete(file);
        }
      }
    }
  }

  private static int exitCode(Process process) {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StandaloneException("Expected initdb to end, but was interrupted.", e);
    }
  }

  private StandaloneException failed(String cause) {
    return new StandaloneException("Expected Postgres to start on port " + port + ", but: " + cause + "; the last lines of "
        + log + ":\n" + Child.tail(log, 8));
  }
}
