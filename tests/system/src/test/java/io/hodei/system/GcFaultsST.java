package io.hodei.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.hodei.testkit.Answer;
import io.hodei.testkit.Await;
import io.hodei.testkit.Crowd;
import io.hodei.testkit.GcProof;
import io.hodei.testkit.History;
import io.hodei.testkit.Installation;
import io.hodei.testkit.LegalPaths;
import io.hodei.testkit.OpenTransactions;
import io.hodei.testkit.ProcessTable;
import io.hodei.testkit.Ran;
import io.hodei.testkit.TopicRecord;
import io.hodei.testkit.TopicRecording;
import io.hodei.testkit.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Garbage collection that is kept from seeing, and what it must not conclude from that. Whatever its cycles say is judged again at the
/// end, from the topics alone.
class GcFaultsST {
  private static final Duration STALE = Duration.ofMinutes(2);

  private static Installation hodei;
  private static TopicRecording recording;

  @BeforeAll
  static void start() {
    // Silence shall kill nobody here: what is found is found by garbage collection.
    hodei = Installation.start(true, "hodei.workers.lease: \"10m\"");
    recording = TopicRecording.of(hodei, "hodei.worker-state", "hodei.worker-inventory", "hodei.gc-events");
  }

  @AfterAll
  static void stop() {
    try {
      Topics topics = Topics.of(hodei);
      assertEquals(List.of(), new LegalPaths().check(History.ofTopics(topics)));
      assertEquals(List.of(), judgedAgain("hodei."));
      assertEquals(List.of(), detected("OrphanWorkerDetected").stream().filter(worker -> !worker.startsWith("stray-")).toList());
      recording.close();
    } finally {
      hodei.close();
    }
  }

  // proves: promise:3, lie:1, lie:3, seed:orphan-detection, contract:topic-gc-events
  @Test
  void aStaleTableHarmsNobody() throws Exception {
    Path started = hodei.work().resolve("started-stale");
    Path over = hodei.work().resolve("over-stale");
    String patient = Jobs.sh("echo $HODEI_JOB_ID >> " + started + "; while [ ! -e " + over + " ]; do sleep 0.3; done");
    List<String> all = new ArrayList<>(IntStream.range(0, 4).mapToObj(i -> hodei.submit(patient)).toList());
    all.forEach(job -> hodei.inState(job, "RUNNING"));
    String busy = hodei.get("/v1/jobs/" + all.getFirst()).json().path("workerId").asText();
    Await.whenTrue("its row to be seen", Duration.ofSeconds(30), () -> hodei.worker(busy).path("state").asText().equals("BUSY"));
    // A lie that never commits: who read it would take a busy worker for an orphan.
    byte[] lie = Topics.of(hodei).encode("hodei.worker-state-value", Map.of("id", busy, "state", "TERMINATED", "stateSince", 1L, "terminatedAt", 1L));
    Process stray;
    long aborted;
    try (OpenTransactions transactions = OpenTransactions.on(hodei, "hodei.worker-state", busy, lie)) {
      long began = System.nanoTime();
      stray = stray("stale");
      CompletableFuture<List<Answer>> forced = CompletableFuture.supplyAsync(() -> List.of(collect(), collect()));
      do {
        List<String> wave = IntStream.range(0, 4).mapToObj(i -> hodei.submit(Jobs.sh("echo $HODEI_JOB_ID >> " + started + "; sleep 2"))).toList();
        wave.forEach(hodei::ended);
        all.addAll(wave);
      } while (System.nanoTime() - began < STALE.toNanos());
      for (Answer answer : forced.join()) {
        assertEquals("table-stale", answer.is(503).problem(), answer.body());
        assertTrue(answer.headers().firstValue("Retry-After").isPresent());
      }
      Answer ready = hodei.send(HttpRequest.newBuilder(URI.create(hodei.url("gc") + "/health/ready")).GET());
      assertTrue(ready.is(503).body().contains("hodei.worker-state-0, which was read up to "), ready.body());
      Ran ran = hodei.cli("gc", "run");
      assertTrue(ran.exit() != 0 && ran.err().contains("most likely an open transaction"), ran.exit() + ": " + ran.out() + ran.err());
      assertEquals("BUSY", hodei.worker(busy).path("state").asText(), "what is shown is old, and no lie");
      assertTrue(stray.isAlive(), "nothing is concluded from a stale table");
      assertEquals(Set.of(), detected("OrphanWorkerDetected").stream().filter(worker -> worker.startsWith("stray-stale")).collect(Collectors.toSet()));
      assertTrue(transactions.held(), "a transaction was open all the time");
      aborted = System.nanoTime();
    }
    Await.whenTrue("the stray to be gone", Duration.ofSeconds(5 * 60), () -> !stray.isAlive());
    System.out.println(all.size() + " jobs; stray gone " + (System.nanoTime() - aborted) / 1_000_000 + " ms after the table could be read again (promise 60 s)");
    Await.whenTrue("gc-service to be ready", Duration.ofSeconds(60), () -> hodei.ready("gc"));
    Files.createFile(over);
    for (String job : all) {
      JsonNode ended = hodei.ended(job);
      assertEquals("SUCCEEDED", ended.path("state").asText(), ended.toPrettyString());
      assertEquals(1, ended.path("attempt").asInt(), ended.toPrettyString());
      assertEquals("immediate", hodei.gone(ended.path("workerId").asText()).path("destroyedBy").asText());
    }
    assertEquals(all.stream().sorted().toList(), Files.readAllLines(started).stream().sorted().toList(), "started once each");
  }

  /// The watch knows nothing of them, and their leases are long: two looks must do it.
  // proves: promise:2, invariant:I7, seed:scenario-forced-gc, contract:http-gc-runs
  @Test
  void ghostsAreProvedByTwoLooks() throws IOException {
    String script = "[ $HODEI_ATTEMPT = 2 ] && exit 0; sleep 600";
    String again = Jobs.command("\"retry\":{\"maxAttempts\":2,\"backoff\":\"10ms\"}", "sh", "-c", script);
    List<String> jobs = List.of(hodei.submit(again), hodei.submit(again), hodei.submit(Jobs.sh(script)));
    Set<String> workers = new TreeSet<>();
    jobs.forEach(job -> workers.add(hodei.inState(job, "RUNNING").path("workerId").asText()));
    double before = ghostsCounted();

    ProcessTable.signal("KILL", hodei.pidOf("lifecycle-service"));
    for (String worker : workers) {
      vanish(worker);
    }
    List<CompletableFuture<Answer>> unseen = IntStream.range(0, 4).mapToObj(i -> CompletableFuture.supplyAsync(GcFaultsST::collect)).toList();
    for (CompletableFuture<Answer> each : unseen) {
      JsonNode blind = each.join().is(200).json();
      assertTrue(blind.path("errors").asLong() > 0, blind.toPrettyString());
      assertTrue(blind.path("findings").path(0).path("detail").asText().startsWith("no complete inventory came in time"), blind.toPrettyString());
      assertEquals(0, blind.path("ghosts").asLong(), blind.toPrettyString());
    }
    assertEquals(Set.of(), detected("GhostWorkerDetected").stream().filter(workers::contains).collect(Collectors.toSet()));
    hodei.serve("lifecycle-service");
    Await.whenTrue("lifecycle-service to be ready", Duration.ofSeconds(90), () -> hodei.ready("lifecycle"));
    long back = System.nanoTime();
    Await.whenTrue("the ghosts to be found", Duration.ofSeconds(5 * 60), () -> {
      collect().is(200);
      return detected("GhostWorkerDetected").containsAll(workers);
    });
    System.out.println("ghosts found " + (System.nanoTime() - back) / 1_000_000 + " ms after lifecycle-service was back, by forced cycles");
    for (String worker : workers) {
      JsonNode gone = hodei.gone(worker);
      assertEquals("LOST", gone.path("terminationReason").asText(), gone.toPrettyString());
      assertEquals("self", gone.path("destroyedBy").asText(), gone.toPrettyString());
    }
    for (String job : jobs.subList(0, 2)) {
      JsonNode ended = hodei.ended(job);
      assertEquals("SUCCEEDED 2", ended.path("state").asText() + " " + ended.path("attempt").asText(), ended.toPrettyString());
    }
    JsonNode failed = hodei.ended(jobs.getLast());
    assertEquals("FAILED WORKER_LOST 1", failed.path("state").asText() + " " + failed.path("reason").asText() + " " + failed.path("attempt").asText());
    assertEquals(before + 3, ghostsCounted());
  }

  // proves: seed:scenario-forced-gc, contract:gc, contract:http-gc-runs
  @Test
  void forcedCyclesAtOnceShowWhatTheyFind() throws IOException {
    Process stray = stray("forced");
    List<CompletableFuture<Answer>> asked = IntStream.range(0, 16).mapToObj(i -> CompletableFuture.supplyAsync(GcFaultsST::collect)).toList();
    Set<String> cycles = new TreeSet<>();
    boolean shown = false;
    for (CompletableFuture<Answer> each : asked) {
      JsonNode cycle = each.join().is(200).json();
      cycles.add(cycle.path("cycleId").asText());
      for (JsonNode finding : cycle.path("findings")) {
        shown |= finding.path("kind").asText().equals("orphan") && finding.path("workerId").asText().startsWith("stray-forced");
      }
    }
    assertTrue(shown, "one of the cycles " + cycles + " found the stray");
    assertTrue(cycles.size() < 16, "those who wait share a cycle: " + cycles);
    Await.whenTrue("the stray to be gone", Duration.ofSeconds(60), () -> !stray.isAlive());
    Ran ran = hodei.cli("gc", "run").exits(0);
    assertFalse(ran.out().isBlank());
  }

  @Test
  @Timeout(600)
  void tenThousandRowsAndItemsInOneCycle() {
    try (Crowd crowd = Crowd.of(hodei); TopicRecording own = TopicRecording.of(hodei, Crowd.topic("worker-state"), Crowd.topic("worker-inventory"),
        Crowd.topic("gc-events"))) {
      Crowd.Cycle cycle = crowd.cycle();
      System.out.println("a cycle over 10,000 rows and 10,000 items: " + cycle.afterTheLook().toMillis() + " ms from the look to the answer (promise: seconds)");
      JsonNode answer = cycle.answer();
      assertEquals(List.of(Crowd.ROWS, Crowd.ITEMS, Crowd.ALIVE, Crowd.LEFT + Crowd.STRANGERS, Crowd.GHOSTS, Crowd.CLEAN, 0),
          Stream.of("tableRows", "inventory", "matched", "orphans", "ghosts", "cleaned", "errors").map(count -> answer.path(count).asInt()).toList());
      assertEquals(List.of(), GcProof.wrong(own.upToNow(Crowd.topic("worker-state")), own.upToNow(Crowd.topic("worker-inventory")),
          own.upToNow(Crowd.topic("gc-events"))));
      List<TopicRecord> events = own.upToNow(Crowd.topic("gc-events"));
      assertEquals(Set.of("left", "stranger"), kinds(events, "OrphanWorkerDetected", Crowd.LEFT + Crowd.STRANGERS));
      assertEquals(Set.of("ghost"), kinds(events, "GhostWorkerDetected", Crowd.GHOSTS));
    }
  }

  /// What the ids of those found begin with; each was found once.
  private static Set<String> kinds(List<TopicRecord> events, String type, int expected) {
    List<String> found = events.stream().map(TopicRecord::value).filter(event -> event != null && Topics.text(event, "type").equals(type))
        .map(event -> Topics.text(event, "workerId")).toList();
    assertEquals(expected, found.size());
    assertEquals(expected, found.stream().distinct().count());
    return found.stream().map(id -> id.replaceFirst("-.*", "")).collect(Collectors.toSet());
  }

  private static List<String> judgedAgain(String prefix) {
    List<TopicRecord> events = recording.upToNow(prefix + "gc-events");
    System.out.println("gc-events judged again: " + events.size());
    return GcProof.wrong(recording.upToNow(prefix + "worker-state"), recording.upToNow(prefix + "worker-inventory"), events);
  }

  private static Set<String> detected(String type) {
    return Topics.of(hodei).records("hodei.gc-events").stream().filter(event -> Topics.text(event, "type").equals(type))
        .map(event -> Topics.text(event, "workerId")).collect(Collectors.toSet());
  }

  private static Answer collect() {
    return hodei.post("/v1/gc/runs", "{}");
  }

  private static double ghostsCounted() {
    String metrics = hodei.send(HttpRequest.newBuilder(URI.create(hodei.url("gc") + "/metrics")).GET()).is(200).body();
    return metrics.lines().filter(line -> line.startsWith("hodei_ghosts_detected_total ")).mapToDouble(line -> Double.parseDouble(line.split(" ")[1])).sum();
  }

  private static Process stray(String name) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("sleep", "600");
    builder.environment().put("HODEI_WORKER_ID", "stray-" + name + "-" + System.nanoTime());
    builder.environment().put("HODEI_INSTALLATION_ID", hodei.id());
    return builder.start();
  }

  /// Nothing of the worker is left, and nobody has seen it go.
  private static void vanish(String worker) throws IOException {
    Await.whenTrue("every process of " + worker + " to be dead", Duration.ofSeconds(30), () -> {
      List<ProcessTable.Entry> left = ProcessTable.all(process -> process.has("HODEI_WORKER_ID", worker));
      left.forEach(process -> ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly));
      return left.isEmpty();
    });
    Path directory = hodei.data().resolve("workers").resolve(worker);
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
