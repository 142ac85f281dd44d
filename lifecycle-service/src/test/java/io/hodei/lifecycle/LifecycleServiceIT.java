package io.hodei.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.kit.Codec;
import io.hodei.kit.KafkaClients;
import io.hodei.kit.Settings;
import io.hodei.schemas.InventorySnapshot;
import io.hodei.schemas.Topic;
import io.hodei.schemas.WorkerCommand;
import io.hodei.schemas.WorkerReport;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The service with a real broker and real processes; the agent is a small JVM that sleeps.
@Timeout(120)
class LifecycleServiceIT {
  @TempDir
  static Path folder;

  private static TestBroker broker;
  private static TestRegistry registry;
  private static Settings settings;
  private static KafkaProducer<String, byte[]> producer;
  private static Codec codec;
  private static io.hodei.kit.TopicTail tail;
  private static final List<WorkerReport> REPORTS = new CopyOnWriteArrayList<>();
  private static final List<InventorySnapshot> SNAPSHOTS = new CopyOnWriteArrayList<>();
  private static final List<ConsumerRecord<String, byte[]>> DEAD = new CopyOnWriteArrayList<>();

  private LifecycleService service;
  private final List<String> workers = new ArrayList<>();

  @BeforeAll
  static void startBroker() throws Exception {
    broker = new TestBroker(folder.resolve("kafka"));
    registry = new TestRegistry();
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    settings = Settings.of(Map.of(
        "hodei.kafka.bootstrap-servers", broker.address(),
        "hodei.registry.url", registry.url(),
        "hodei.lifecycle.port", Integer.toString(port),
        "hodei.process.provider-id", "process-it",
        "hodei.process.workers-dir", folder.resolve("workers").toString(),
        "hodei.process.agent-dir", agent().toString()));
    LifecycleService.start(settings).close();
    KafkaClients clients = new KafkaClients(settings, "test");
    producer = clients.producer("commands");
    codec = new Codec(settings);
    tail = io.hodei.kit.TopicTail.start("reports", clients,
        List.of(settings.topic(Topic.WORKER_REPORTS), settings.topic(Topic.WORKER_INVENTORY), settings.topic(Topic.DEAD_LETTERS)),
        LifecycleServiceIT::seen);
  }

  private static void seen(ConsumerRecord<String, byte[]> record) {
    if (record.topic().equals(settings.topic(Topic.WORKER_REPORTS))) {
      REPORTS.add(codec.value(Topic.WORKER_REPORTS, record.value(), WorkerReport.class));
    } else if (record.topic().equals(settings.topic(Topic.WORKER_INVENTORY))) {
      SNAPSHOTS.add(codec.value(Topic.WORKER_INVENTORY, record.value(), InventorySnapshot.class));
    } else {
      DEAD.add(record);
    }
  }

  private static Path agent() throws IOException {
    Path source = Files.createDirectories(folder.resolve("src/io/hodei/agent")).resolve("Main.java");
    Files.writeString(source, """
        package io.hodei.agent;
        public class Main {
          public static void main(String[] args) throws Exception {
            java.nio.file.Files.delete(java.nio.file.Path.of(args[0]));
            Thread.sleep(1_000_000);
          }
        }
        """);
    Path classes = Files.createDirectories(folder.resolve("classes"));
    ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", classes.toString(), source.toString());
    Path agent = Files.createDirectories(folder.resolve("agent/lib")).getParent();
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(agent.resolve("lib/agent.jar")))) {
      jar.putNextEntry(new JarEntry("io/hodei/agent/Main.class"));
      jar.write(Files.readAllBytes(classes.resolve("io/hodei/agent/Main.class")));
    }
    Files.writeString(agent.resolve("agent.flags"), "-XX:+UseSerialGC\n-XX:TieredStopAtLevel=1\n-Xmx32m\n");
    return agent;
  }

  @AfterAll
  static void stopBroker() {
    tail.close();
    producer.close(Duration.ofSeconds(1));
    broker.close();
    registry.close();
  }

  @BeforeEach
  void start() {
    service = LifecycleService.start(settings);
  }

  @AfterEach
  void stop() throws Exception {
    for (String worker : workers) {
      send(destroy(worker));
    }
    for (String worker : workers) {
      await("Gone", worker);
    }
    service.close();
  }

  private static WorkerCommand.Builder command(String type, String worker) {
    return WorkerCommand.newBuilder().setType(type).setCommandId(UUID.randomUUID().toString()).setAt(now())
        .setWorkerId(worker).setProviderId("process-it").setProvider("process").setPool("default").setCorrelationId("c-" + worker);
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  private static WorkerCommand.Builder provision(String worker) {
    return command("ProvisionWorker", worker).setValidUntil(now().plusSeconds(60));
  }

  private static WorkerCommand.Builder destroy(String worker) {
    return command("DestroyWorker", worker).setGraceMs(0L).setCause("immediate").setTries(1);
  }

  private String newWorker() {
    String id = "w-" + UUID.randomUUID();
    workers.add(id);
    return id;
  }

  private static void send(WorkerCommand.Builder command) throws Exception {
    producer.send(codec.record(Topic.WORKER_COMMANDS, command.getWorkerId() == null ? "none" : command.getWorkerId(), command.build())).get();
  }

  private static void until(BooleanSupplier condition, String what) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "never: " + what);
      Thread.sleep(1);
    }
  }

  private static List<WorkerReport> of(String worker) {
    return REPORTS.stream().filter(r -> worker.equals(r.getWorkerId())).toList();
  }

  private static List<String> typesOf(String worker) {
    return of(worker).stream().map(WorkerReport::getType).toList();
  }

  private static WorkerReport await(String type, String worker) throws InterruptedException {
    until(() -> typesOf(worker).contains(type), type + " of " + worker + " among " + typesOf(worker));
    return of(worker).stream().filter(r -> r.getType().equals(type)).findFirst().orElseThrow();
  }

  private static boolean alive(@Nullable String pid) {
    return pid != null && ProcessHandle.of(Long.parseLong(pid)).map(ProcessHandle::isAlive).orElse(false);
  }

  private static String get(String path) throws Exception {
    return answer(path).body();
  }

  private static HttpResponse<String> answer(String path) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + settings.text(io.hodei.kit.Key.LIFECYCLE_PORT) + path))
          .build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private static long committed() throws Exception {
    TopicPartition partition = new TopicPartition(settings.topic(Topic.WORKER_COMMANDS), 0);
    try (Admin admin = new KafkaClients(settings, "test").admin()) {
      var offset = admin.listConsumerGroupOffsets("hodei-lifecycle-process-it").partitionsToOffsetAndMetadata().get().get(partition);
      return offset == null ? -1 : offset.offset();
    }
  }

  @Test
  void aWorkerIsCreatedAfterItsTokenIsDurableAndDestroyedWithAllThatItLeaves() throws Exception {
    String worker = newWorker();
    send(provision(worker));
    String pid = await("Created", worker).getProviderRef();
    assertTrue(alive(pid));
    assertEquals(List.of("TokenDrawn", "Created"), typesOf(worker));
    assertEquals(64, String.valueOf(of(worker).getFirst().getTokenHash()).length());
    send(destroy(worker));
    WorkerReport gone = await("Gone", worker);
    assertFalse(alive(pid));
    assertFalse(Files.exists(folder.resolve("workers").resolve(worker)));
    assertEquals("process-it", gone.getProviderId());
    long sent = producer.metrics().isEmpty() ? 0 : tailEnd();
    until(() -> committedQuietly() >= sent, "commit up to " + sent);
    assertFalse(typesOf(worker).contains("Exited"), "an ordered death is no news");
  }

  private static long tailEnd() throws Exception {
    TopicPartition partition = new TopicPartition(settings.topic(Topic.WORKER_COMMANDS), 0);
    try (Admin admin = new KafkaClients(settings, "test").admin()) {
      return admin.listOffsets(Map.of(partition, org.apache.kafka.clients.admin.OffsetSpec.latest())).all().get().get(partition).offset();
    }
  }

  private static long committedQuietly() {
    try {
      return committed();
    } catch (Exception e) {
      return -1;
    }
  }

  @Test
  void aKilledAgentIsReportedWithinTwoSeconds() throws Exception {
    String worker = newWorker();
    send(provision(worker));
    String pid = String.valueOf(await("Created", worker).getProviderRef());
    long killed = System.nanoTime();
    new ProcessBuilder("kill", "-9", pid).start().waitFor();
    assertEquals("Expected the worker's agent to live until the worker is destroyed, but it was killed by signal 9.", await("Exited", worker).getMessage());
    long ms = (System.nanoTime() - killed) / 1_000_000;
    System.out.println("kill -9 to Exited ms=" + ms);
    assertTrue(ms < 5 * 2_000, "took " + ms);
  }

  @Test
  void aRestartAdoptsWhatLivesAndKeepsItsToken() throws Exception {
    String worker = newWorker();
    send(provision(worker));
    String pid = await("Created", worker).getProviderRef();
    service.close();
    assertTrue(alive(pid), "closing leaves workers alone");
    send(provision(worker));
    service = LifecycleService.start(settings);
    until(() -> typesOf(worker).size() == 3, "a second Created");
    assertEquals(List.of("TokenDrawn", "Created", "Created"), typesOf(worker));
    assertEquals(pid, of(worker).getLast().getProviderRef());
    new ProcessBuilder("kill", "-9", String.valueOf(pid)).start().waitFor();
    await("Exited", worker);
  }

  @Test
  void aDestroyInTheBacklogOvertakesItsCreate() throws Exception {
    service.close();
    String worker = newWorker();
    String lives = newWorker();
    send(provision(worker));
    send(provision(lives));
    send(destroy(worker));
    service = LifecycleService.start(settings);
    await("Gone", worker);
    await("Created", lives);
    assertEquals(List.of("Gone"), typesOf(worker), "it was never created");
  }

  @Test
  void whatCannotBeDoneIsAnswered() throws Exception {
    String late = newWorker();
    send(provision(late).setValidUntil(now().minusSeconds(1)));
    assertEquals("PROVISION_FAILED", await("CreateFailed", late).getReason());
    assertEquals(List.of("CreateFailed"), typesOf(late));

    String docker = newWorker();
    send(provision(docker).setProvider("docker").setProviderId(null));
    assertTrue(String.valueOf(await("CreateFailed", docker).getMessage()).contains("docker"));

    String never = newWorker();
    send(destroy(never));
    assertEquals("nothing of it was there", await("Gone", never).getMessage());

    String hostile = "../../" + UUID.randomUUID();
    send(provision(hostile));
    assertEquals("PROVISION_FAILED", await("CreateFailed", hostile).getReason());
  }

  @Test
  void poisonGoesToTheDeadLettersAndWorkGoesOn() throws Exception {
    int before = DEAD.size();
    String topic = settings.topic(Topic.WORKER_COMMANDS);
    producer.send(new ProducerRecord<>(topic, "x", new byte[] {1, 2, 3})).get();
    producer.send(new ProducerRecord<>(topic, "x", null)).get();
    producer.send(new ProducerRecord<>(topic, "x", new byte[] {0, 0, 0, 3, 99, 1})).get();
    send(destroy("none").setWorkerId(null));
    String worker = newWorker();
    send(provision(worker));
    await("Created", worker);
    until(() -> DEAD.size() == before + 4, "four dead letters");
  }

  @Test
  void inventoriesComeByThemselvesAndOnDemand() throws Exception {
    String worker = newWorker();
    send(provision(worker));
    await("Created", worker);
    Instant asked = Instant.now();
    send(command("TakeInventory", worker).setWorkerId(null).setProviderId(null));
    until(() -> SNAPSHOTS.stream().anyMatch(s -> s.getStartedAt().isAfter(asked) && s.getComplete()
        && s.getItems().stream().anyMatch(i -> i.getWorkerId().equals(worker) && i.getAgentAlive())), "a snapshot with it");
    assertTrue(Duration.between(asked, Instant.now()).toSeconds() < 5);
    until(() -> REPORTS.stream().anyMatch(r -> r.getType().equals("ProviderAlive") && "process-it".equals(r.getProviderId())), "alive");
  }

  @Test
  void healthAndMetricsAreServed() throws Exception {
    assertTrue(get("/health/live").contains("UP"));
    HttpResponse<String> missing = answer("/v1/nothing");
    assertEquals(404, missing.statusCode());
    assertTrue(missing.body().contains("urn:hodei:problem:not-found"), missing.body());
    assertTrue(missing.headers().firstValue("X-Correlation-Id").isPresent());
    until(() -> {
      try {
        return get("/health/ready").contains("\"UP\"");
      } catch (Exception e) {
        return false;
      }
    }, "ready");
    String metrics = get("/metrics");
    for (String name : List.of("hodei_loop_runs_total{loop=\"inventory\"}", "hodei_loop_runs_total{loop=\"provider-alive\"}",
        "hodei_loop_runs_total{loop=\"worker-commands\"}", "hodei_worker_destruction_failures_total",
        "hodei_lifecycle_provision_seconds", "hodei_lifecycle_destroy_seconds", "hodei_dead_letters_total")) {
      assertTrue(metrics.contains(name), name);
    }
  }

  @Test
  void aBrokerThatGoesAwayLosesNothing() throws Exception {
    String before = newWorker();
    send(provision(before));
    String pid = String.valueOf(await("Created", before).getProviderRef());
    broker.stop();
    new ProcessBuilder("kill", "-9", pid).start().waitFor();
    Thread.sleep(8_000);
    broker.startAgain();
    await("Exited", before);
    String after = newWorker();
    send(provision(after));
    await("Created", after);
  }

  @Test
  void aHundredWorkersComeAndGo() throws Exception {
    List<Long> createMs = new ArrayList<>();
    List<Long> destroyMs = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      String worker = newWorker();
      long start = System.nanoTime();
      send(provision(worker));
      await("Created", worker);
      createMs.add((System.nanoTime() - start) / 1_000_000);
      start = System.nanoTime();
      send(destroy(worker));
      await("Gone", worker);
      destroyMs.add((System.nanoTime() - start) / 1_000_000);
    }
    createMs.sort(null);
    destroyMs.sort(null);
    System.out.println("one by one: command to Created ms p50=" + createMs.get(50) + " p95=" + createMs.get(95)
        + " command to Gone ms p50=" + destroyMs.get(50) + " p95=" + destroyMs.get(95));
    workers.clear();
    List<String> many = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; i < 100; i++) {
      many.add(newWorker());
      send(provision(many.getLast()));
    }
    for (String worker : many) {
      await("Created", worker);
    }
    long created = System.nanoTime();
    for (String worker : many) {
      send(destroy(worker));
    }
    for (String worker : many) {
      await("Gone", worker);
    }
    System.out.println("100 at once: all Created ms=" + (created - start) / 1_000_000 + " all Gone ms="
        + (System.nanoTime() - created) / 1_000_000);
    assertEquals(Set.of(), java.util.Arrays.stream(many.toArray(String[]::new))
        .filter(w -> Files.exists(folder.resolve("workers").resolve(w))).collect(java.util.stream.Collectors.toSet()));
  }
}
