package io.hodei.providers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.providers.ProviderException.Reason;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What every provider does alike, on its real infrastructure; the agents are stand-ins that only live. A provider passes by a subclass that opens it,
/// and that looks at and kills what it made without it.
@Timeout(180)
// proves: invariant:I6
abstract class ProviderConformance {
  /// What a stand-in for an agent does.
  enum Conduct { ENDS_WHEN_ASKED, IGNORES_THE_ASKING }

  final String installation = "it-" + UUID.randomUUID().toString().substring(0, 8);
  private final List<WorkerProvider> opened = new ArrayList<>();

  /// A new life of the provider of this installation.
  abstract WorkerProvider open(String installation, Conduct conduct) throws Exception;

  /// Kills the agent at once, as the kernel or a person would.
  abstract void kill(CreatedWorker worker) throws Exception;

  /// Whether there is anything of it on the infrastructure.
  abstract boolean isThere(CreatedWorker worker) throws Exception;

  /// What the infrastructure itself says of whose it is: the contract's names for this kind of it.
  abstract Map<String, String> marks(CreatedWorker worker) throws Exception;

  /// Labels by their names within `hodei.io/`.
  static Map<String, String> named(Map<String, String> labels) {
    return labels.entrySet().stream().collect(Collectors.toMap(label -> label.getKey().replace("hodei.io/", ""), Map.Entry::getValue));
  }

  /// The limits that the infrastructure keeps this worker to, as `cpu memory`, in billionths and bytes; null: it knows no limits.
  abstract @Nullable String limits(CreatedWorker worker) throws Exception;

  WorkerShape shape() {
    return WorkerShape.NONE;
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    for (WorkerProvider each : opened) {
      for (WorkerItem item : each.inventory().items()) {
        each.destroy(item.workerId(), Duration.ZERO);
      }
      assertEquals(List.of(), each.inventory().items());
      each.close();
    }
  }

  final WorkerProvider provider() throws Exception {
    return opened(installation, Conduct.ENDS_WHEN_ASKED);
  }

  final WorkerProvider opened(String of, Conduct conduct) throws Exception {
    WorkerProvider provider = open(of, conduct);
    opened.add(provider);
    return provider;
  }

  final WorkerLaunch launch(String id) {
    return launch(id, shape());
  }

  private static WorkerLaunch launch(String id, WorkerShape shape) {
    return new WorkerLaunch(id, "boxes", URI.create("http://127.0.0.1:8090"), "secret-of-" + id, shape);
  }

  private static List<String> ids(WorkerProvider provider) throws ProviderException {
    return provider.inventory().items().stream().map(WorkerItem::workerId).sorted().toList();
  }

  @Test
  void aCreatedWorkerIsInTheInventoryAndAlive() throws Exception {
    WorkerProvider provider = provider();
    Instant before = Instant.now();
    CreatedWorker created = provider.create(launch("w1"));

    Inventory inventory = provider.inventory();

    WorkerItem item = inventory.items().getFirst();
    assertFalse(created.adopted());
    assertEquals(provider.providerId(), inventory.providerId());
    assertEquals("w1", item.workerId());
    assertEquals(created.providerRef(), item.providerRef());
    assertTrue(item.agentAlive(), item.detail());
    Instant createdAt = item.createdAt();
    assertTrue(createdAt != null && Duration.between(before, createdAt).abs().toSeconds() < 60, "created at " + createdAt);
    assertTrue(isThere(created));
  }

  // proves: contract:infra-labels
  @Test
  void itSaysWhoseItIs() throws Exception {
    Map<String, String> marks = marks(provider().create(launch("w1")));
    assertEquals("w1 " + installation, marks.get("worker-id") + " " + marks.get("installation"), marks.toString());
    assertTrue(marks.size() == 2 || "true boxes".equals(marks.get("managed") + " " + marks.get("pool")), marks.toString());
    assertFalse(marks.toString().contains("secret-of"), marks.toString());
  }

  @Test
  void itsLimitsAreKeptOrRefused() throws Exception {
    WorkerProvider provider = provider();
    WorkerShape limited = new WorkerShape(shape().image(), "250m", "64Mi", null);
    if (limits(provider.create(launch("free"))) == null) {
      assertEquals(Reason.START_FAILED, assertThrows(ProviderException.class, () -> provider.create(launch("w1", limited))).reason());
    } else {
      assertEquals("250000000 " + ((64L << 20) + DockerContainers.AGENT_MEMORY), limits(provider.create(launch("w1", limited))));
    }
  }

  @Test
  void creatingTwiceMakesOneWorker() throws Exception {
    WorkerProvider provider = provider();
    CreatedWorker first = provider.create(launch("w1"));
    CreatedWorker second = provider.create(launch("w1"));
    assertEquals(new CreatedWorker("w1", first.providerRef(), true), second);
    assertEquals(1, provider.inventory().items().size());
  }

  @Test
  void aWorkerWhoseCreatorDiedBeforeItsAnswerIsAdoptedByTheNextLife() throws Exception {
    WorkerProvider earlier = provider();
    CreatedWorker lost = earlier.create(launch("w1"));
    earlier.close();
    WorkerProvider next = provider();
    assertEquals(new CreatedWorker("w1", lost.providerRef(), true), next.create(launch("w1")));
    assertTrue(next.destroy("w1", Duration.ZERO).existed());
    assertFalse(isThere(lost));
  }

  @Test
  void theInventoryIsCompleteAndOfThisInstallationAlone() throws Exception {
    WorkerProvider ours = provider();
    WorkerProvider theirs = opened(installation + "-other", Conduct.ENDS_WHEN_ASKED);
    for (int i = 0; i < 5; i++) {
      ours.create(launch("w" + i));
    }
    CreatedWorker foreign = theirs.create(launch("foreign"));

    assertEquals(List.of("w0", "w1", "w2", "w3", "w4"), ids(ours));
    assertEquals(List.of("foreign"), ids(theirs));
    assertFalse(ours.destroy("foreign", Duration.ZERO).existed());
    assertTrue(isThere(foreign));
  }

  @Test
  void aNameThatAnotherInstallationHasIsNotTaken() throws Exception {
    CreatedWorker theirs = opened(installation + "-other", Conduct.ENDS_WHEN_ASKED).create(launch("w1"));
    WorkerProvider ours = provider();
    assertThrows(ProviderException.class, () -> ours.create(launch("w1")));
    assertFalse(ours.destroy("w1", Duration.ZERO).existed());
    assertTrue(isThere(theirs));
  }

  @Test
  void aKilledAgentIsToldWithinTwoSecondsAndOnce() throws Exception {
    WorkerProvider provider = provider();
    BlockingQueue<WorkerExit> exits = new LinkedBlockingQueue<>();
    provider.watch(exits::add);
    CreatedWorker created = provider.create(launch("w1"));
    kill(created);
    WorkerExit exit = exits.poll(2, TimeUnit.SECONDS);
    assertEquals("w1", exit == null ? "" : exit.workerId());
    assertEquals(AgentEnd.EXPECTED + "it was killed by signal 9.", exit == null ? "" : exit.message());
    assertEquals(null, exits.poll(1200, TimeUnit.MILLISECONDS));
    assertFalse(provider.inventory().items().getFirst().agentAlive());
  }

  @Test
  void deathsBeforeAndAfterTheAdoptionAreToldWithinTwoSeconds() throws Exception {
    WorkerProvider earlier = provider();
    CreatedWorker alive = earlier.create(launch("alive"));
    CreatedWorker dead = earlier.create(launch("dead"));
    earlier.close();
    kill(dead);
    WorkerProvider next = provider();
    awaitDeath(next, "dead");
    BlockingQueue<WorkerExit> exits = new LinkedBlockingQueue<>();
    next.watch(exits::add);
    assertEquals("dead", workerOf(exits.poll(2, TimeUnit.SECONDS)));
    kill(alive);
    assertEquals("alive", workerOf(exits.poll(2, TimeUnit.SECONDS)));
    assertEquals(null, exits.poll(1200, TimeUnit.MILLISECONDS));
  }

  private static void awaitDeath(WorkerProvider provider, String id) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (provider.inventory().items().stream().anyMatch(item -> item.workerId().equals(id) && item.agentAlive())) {
      assertTrue(System.nanoTime() < deadline, id + " lives");
      Thread.sleep(5);
    }
  }

  private static String workerOf(@Nullable WorkerExit exit) {
    return exit == null ? "nobody" : exit.workerId();
  }

  @Test
  void anOrderedDeathIsNotToldByTheWatch() throws Exception {
    WorkerProvider provider = provider();
    BlockingQueue<WorkerExit> exits = new LinkedBlockingQueue<>();
    provider.watch(exits::add);
    provider.create(launch("w1"));
    provider.destroy("w1", Duration.ZERO);
    assertEquals(null, exits.poll(1200, TimeUnit.MILLISECONDS));
  }

  @Test
  void graceLetsTheAgentEndByItself() throws Exception {
    WorkerProvider provider = provider();
    CreatedWorker created = provider.create(launch("w1"));
    settle(created);
    long start = System.nanoTime();
    assertTrue(provider.destroy("w1", Duration.ofSeconds(40)).existed());
    assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(20), "it was not asked, or it was not awaited");
    assertFalse(isThere(created));
  }

  @Test
  void anAgentThatIgnoresTheAskingIsForcedAfterTheGrace() throws Exception {
    WorkerProvider provider = opened(installation, Conduct.IGNORES_THE_ASKING);
    CreatedWorker created = provider.create(launch("w1"));
    settle(created);
    long start = System.nanoTime();
    assertTrue(provider.destroy("w1", Duration.ofSeconds(2)).existed());
    long took = System.nanoTime() - start;
    assertTrue(took > TimeUnit.MILLISECONDS.toNanos(1_500), "the grace was cut short: " + took / 1_000_000 + " ms");
    assertTrue(took < TimeUnit.SECONDS.toNanos(15), "it was not forced: " + took / 1_000_000 + " ms");
    assertFalse(isThere(created));
  }

  /// Until a stand-in has set its trap: there is no way to ask it.
  void settle(CreatedWorker worker) throws Exception {
    Thread.sleep(300);
  }

  @Test
  void destroyingWhatIsMissingSucceeds() throws Exception {
    WorkerProvider provider = provider();
    assertFalse(provider.destroy("never", Duration.ofSeconds(5)).existed());
    provider.create(launch("w1"));
    assertTrue(provider.destroy("w1", Duration.ZERO).existed());
    assertFalse(provider.destroy("w1", Duration.ZERO).existed());
  }

  /// The creation is cut wherever it is just then, as by the end of its service, and the destruction follows. What an infrastructure does afterwards of what it was asked before is
  /// in the inventory, where garbage collection finds it.
  @Test
  void ofACreationThatWasCutNothingIsLeftAfterADestruction() throws Exception {
    WorkerProvider provider = provider();
    long whole = System.nanoTime();
    provider.create(launch("whole"));
    long step = (System.nanoTime() - whole) / 8;
    for (int i = 0; i < 8; i++) {
      String id = "cut" + i;
      Thread creation = Thread.ofPlatform().start(() -> {
        try {
          provider.create(launch(id));
        } catch (ProviderException e) {
          // It was cut.
        }
      });
      TimeUnit.NANOSECONDS.sleep(step * i);
      creation.interrupt();
      creation.join();
      provider.destroy(id, Duration.ZERO);
    }
    Thread.sleep(500);
    for (String late : ids(provider).stream().filter(each -> !each.equals("whole")).toList()) {
      assertTrue(provider.destroy(late, Duration.ZERO).existed(), late);
    }
    assertEquals(List.of("whole"), ids(provider));
  }

  @Test
  void whatIsDestroyedCanBeCreatedAgain() throws Exception {
    WorkerProvider provider = provider();
    CreatedWorker first = provider.create(launch("w1"));
    provider.destroy("w1", Duration.ZERO);
    CreatedWorker second = provider.create(launch("w1"));
    assertFalse(second.adopted());
    assertNotEquals(first.providerRef(), second.providerRef());
  }

  @Test
  void hostileIdsAreRefused() throws Exception {
    WorkerProvider provider = provider();
    for (String id : List.of("", "..", "../../etc", "a/b", ".x", "-x", "a\nb")) {
      assertThrows(ProviderException.class, () -> provider.create(launch(id)), id);
      assertThrows(ProviderException.class, () -> provider.destroy(id, Duration.ZERO), id);
    }
  }

  @Test
  void aHundredAtOnce() throws Exception {
    WorkerProvider provider = provider();
    long start = System.nanoTime();
    List<CreatedWorker> created = atOnce(100, i -> () -> provider.create(launch("w" + i)));
    long made = System.nanoTime();
    assertEquals(100, created.stream().map(CreatedWorker::providerRef).distinct().count());
    assertEquals(100, provider.inventory().items().stream().filter(WorkerItem::agentAlive).count());
    long looked = System.nanoTime();
    List<DestroyedWorker> destroyed = atOnce(100, i -> () -> provider.destroy("w" + i, Duration.ZERO));
    System.out.printf("%s: 100 at once created in %d ms, listed in %d ms, destroyed in %d ms%n", provider.type(), (made - start) / 1_000_000,
        (looked - made) / 1_000_000, (System.nanoTime() - looked) / 1_000_000);
    assertTrue(destroyed.stream().allMatch(DestroyedWorker::existed));
    assertEquals(List.of(), provider.inventory().items());
    for (CreatedWorker each : created.stream().sorted(Comparator.comparing(CreatedWorker::workerId)).toList()) {
      assertFalse(isThere(each), each + " is left");
    }
  }

  private static <T> List<T> atOnce(int count, java.util.function.IntFunction<Callable<T>> work) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> begun = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        begun.add(threads.submit(work.apply(i)));
      }
      List<T> done = new ArrayList<>();
      for (Future<T> each : begun) {
        done.add(each.get());
      }
      return done;
    }
  }
}
