package io.hodei.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.testkit.Answer;
import io.hodei.testkit.Await;
import io.hodei.testkit.Faults;
import io.hodei.testkit.History;
import io.hodei.testkit.Installation;
import io.hodei.testkit.LegalPaths;
import io.hodei.testkit.Part;
import io.hodei.testkit.ProcessTable;
import io.hodei.testkit.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Services are away while twenty jobs run.
@ResourceLock(Shared.SEPARATE)
class ServiceFaultsST {
  private static final int AWAY_MS = 20_000;

  private static final Installation hodei = Shared.separate();
  private static final Faults faults = new Faults(hodei);

  @AfterAll
  static void everyPathIsLegal() {
    assertEquals(List.of(), new LegalPaths().check(History.ofTopics(Topics.of(hodei))));
  }

  @AfterEach
  void allAreWell() {
    Shared.allWell();
  }

  /// All in turn, over the same twenty jobs: none of them may notice any of it.
  // proves: promise:9, promise:1, promise:6
  @Test
  void killedOneAfterTheOther() throws IOException {
    try (Batch batch = Batch.running(hodei)) {
      for (Part part : Part.services()) {
        faults.kill(part);
        faults.bringBack(part);
        System.out.println(part.label() + " ready again after " + faults.awaitWell(part).toMillis() + " ms");
        batch.allRun();
      }
      batch.isWhole();
    }
    Part.services().forEach(part -> assertTrue(hodei.well(part), part.label()));
  }

  /// Jobs end, and more are wanted, while nobody is there to hear of it.
  // proves: promise:9, invariant:I2
  @ParameterizedTest
  @ValueSource(strings = {"dispatcher", "lifecycle-service"})
  void awayForTwentySecondsWhileJobsEnd(String service) throws Exception {
    Part part = Part.of(service);
    try (Batch batch = Batch.running(hodei)) {
      faults.kill(part);
      batch.end();
      // The fault itself.
      Thread.sleep(AWAY_MS);
      String next = hodei.submit(Jobs.sh("true"));
      long back = System.nanoTime();
      faults.bringBack(part);
      assertEquals("SUCCEEDED", hodei.ended(next).path("state").asText());
      System.out.println("the next job ended " + (System.nanoTime() - back) / 1_000_000 + " ms after the " + service + " was asked for again");
      faults.awaitWell(part);
      batch.isWhole();
    }
  }

  /// Those that neither decide nor act are frozen together: nobody waits for them.
  // proves: promise:9
  @Test
  void frozenOneAfterTheOther() throws Exception {
    try (Batch batch = Batch.running(hodei)) {
      long before = fencings();
      frozen(batch, List.of(freezeAmidDecisions()));
      faults.awaitWell(Part.DISPATCHER);
      Await.whenTrue("the dispatcher to find its transaction over", Duration.ofSeconds(60), () -> fencings() > before);
      frozen(batch, List.of(faults.freeze(Part.LIFECYCLE)));
      frozen(batch, Stream.of(Part.GC, Part.AUDIT, Part.API).map(faults::freeze).toList());
      batch.isWhole();
    }
  }

  private static void frozen(Batch batch, List<Long> pids) throws Exception {
    try {
      // The fault itself: so long nobody hears of them.
      Thread.sleep(AWAY_MS);
    } finally {
      pids.forEach(faults::thaw);
    }
    Part.services().forEach(faults::awaitWell);
    batch.allRun();
  }

  /// The second decides while the first is frozen; when that wakes up, it finds itself fenced, and both go on: one decides, one stands by.
  // proves: promise:9, invariant:I1
  @Test
  void aDispatcherThatWakesUpBesideAnotherIsFenced() throws Exception {
    try (Batch batch = Batch.running(hodei)) {
      long before = fencings();
      long frozen = freezeAmidDecisions();
      Process other = anotherDispatcher();
      try {
        long began = System.nanoTime();
        String job = hodei.submit(Jobs.sh("echo decided by another"));
        Await.whenTrue("the other one to decide", Duration.ofSeconds(90), () -> !stateOf(job).equals("PENDING"));
        System.out.println("another dispatcher decided after " + (System.nanoTime() - began) / 1_000_000 + " ms");
        faults.thaw(frozen);
        Await.whenTrue("the first one to find its transaction over", Duration.ofSeconds(60), () -> fencings() > before);
        faults.awaitWell(Part.DISPATCHER);
        assertEquals("SUCCEEDED", hodei.ended(job).path("state").asText());
        batch.allRun();
      } finally {
        faults.thaw(frozen);
        other.destroy();
        other.waitFor();
      }
      assertEquals("SUCCEEDED", hodei.ended(hodei.submit(Jobs.sh("echo decided by the first"))).path("state").asText());
      batch.isWhole();
    }
  }

  /// SIGSTOP while a thousand requests wait for their decision, so that a transaction is open.
  private static long freezeAmidDecisions() {
    hodei.put("/v1/pools/still", "{\"maxWorkers\":0}").is(200);
    long dispatcher = hodei.pidOf(Part.DISPATCHER.label());
    String requests = "[" + String.join(",", Collections.nCopies(500, Jobs.command("\"pool\":\"still\"", "true"))) + "]";
    List<CompletableFuture<Answer>> answers = Stream.generate(() -> CompletableFuture.supplyAsync(() -> hodei.post("/v1/jobs", requests))).limit(2).toList();
    answers.getFirst().join().is(202);
    ProcessTable.signal("STOP", dispatcher);
    answers.getLast().join().is(202);
    return dispatcher;
  }

  /// job-api dies among replays, of which some are answered, some written, some not begun: repeated, each is done once.
  // proves: contract:http-dead-letters
  @Test
  void aReplayThatIsCutOffIsDoneOnceAtMost() throws Exception {
    Topics topics = Topics.of(hodei);
    List<String> letters = IntStream.range(0, 40).mapToObj(i -> topics.send("hodei.job-requests", "poison", "no record".getBytes(StandardCharsets.UTF_8)))
        .map(place -> place.topic() + "-" + place.partition() + "-" + place.offset()).toList();
    letters.forEach(id -> Await.whenTrue("the dead letter " + id, Duration.ofSeconds(60), () -> hodei.get("/v1/dead-letters/" + id).status() == 200));
    Set<String> answered = ConcurrentHashMap.newKeySet();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      letters.forEach(id -> callers.submit(() -> hodei.post("/v1/dead-letters/" + id + "/replay", "{}").status() == 202 && answered.add(id)));
      Await.whenTrue("some replays to be done", Duration.ofSeconds(60), () -> answered.size() >= 5);
      faults.kill(Part.API);
    }
    System.out.println(answered.size() + " of " + letters.size() + " replays were answered before the death");
    assertTrue(answered.size() < letters.size(), "some were cut off");
    faults.bringBack(Part.API);
    faults.awaitWell(Part.API);
    for (String id : letters) {
      Await.whenTrue("the letter " + id + " to be gone", Duration.ofSeconds(60), () -> {
        int status = hodei.post("/v1/dead-letters/" + id + "/replay", "{}").status();
        assertTrue(List.of(202, 404, 503).contains(status), id + ": " + status);
        return status == 404;
      });
    }
    Map<String, Long> replayed = topics.raw("hodei.job-requests").stream().map(record -> record.headers().lastHeader("hodei.replay-of"))
        .filter(Objects::nonNull).map(header -> new String(header.value(), StandardCharsets.UTF_8)).filter(letters::contains)
        .collect(Collectors.groupingBy(id -> id, Collectors.counting()));
    assertEquals(letters.stream().collect(Collectors.toMap(id -> id, id -> 1L)), replayed);
  }

  /// As on another host: a name, a port and a directory of its own.
  private static Process anotherDispatcher() throws IOException {
    Path configuration = hodei.work().resolve("another.yaml");
    Map<String, String> own = Map.of("hodei.data-dir", "", "hodei.dispatcher.instance", "another", "hodei.dispatcher.state-dir",
        hodei.work().resolve("another-streams").toString(), "hodei.gateway.port", "0");
    Stream<String> kept = Files.readAllLines(hodei.data().resolve("hodei.yaml")).stream().filter(line -> !own.containsKey(line.replaceFirst(":.*", "")));
    Stream<String> changed = own.entrySet().stream().map(entry -> entry.getKey() + ": \"" + entry.getValue() + "\"");
    Files.write(configuration, Stream.concat(kept, changed).toList());
    return hodei.serve("dispatcher", configuration, hodei.work().resolve("another.log"));
  }

  private static String stateOf(String job) {
    return hodei.get("/v1/jobs/" + job).is(200).json().path("state").asText();
  }

  /// How often Kafka has refused the dispatcher's transaction, whichever way that was started: it was fenced when it consumed, or when it committed.
  private static long fencings() {
    return Stream.of(hodei.data().resolve("log"), hodei.work()).map(directory -> directory.resolve("dispatcher.log")).filter(Files::exists)
        .mapToLong(log -> {
          try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.contains("is being fenced") || line.contains("stream_thread_replaced")).count();
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        }).sum();
  }
}
