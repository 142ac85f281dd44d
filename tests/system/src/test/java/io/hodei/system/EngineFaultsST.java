package io.hodei.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.hodei.testkit.Await;
import io.hodei.testkit.Containers;
import io.hodei.testkit.Event;
import io.hodei.testkit.Faults;
import io.hodei.testkit.History;
import io.hodei.testkit.Installation;
import io.hodei.testkit.LegalPaths;
import io.hodei.testkit.Part;
import io.hodei.testkit.ProcessTable;
import io.hodei.testkit.Shell;
import io.hodei.testkit.Topics;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/// The engine goes away under load and comes back, and lifecycle-service dies in the middle of a creation. All of it on an engine of its own.
@EnabledIf("io.hodei.system.OwnEngine#isWanted")
class EngineFaultsST {
  private static final int AWAY_MS = 30_000;
  private static final Duration GUARD = Duration.ofMinutes(2);

  private static OwnEngine engine;
  private static Installation hodei;
  private static String image;

  @BeforeAll
  static void start() {
    image = Containers.tools("hodei-st/tools:1", "ENV COLOUR=blue", "ENV LD_PRELOAD=/nowhere.so");
    engine = OwnEngine.with(image);
    hodei = Installation.start(true, "hodei.default-pool.provider: \"docker\"", "hodei.gc.interval: \"5s\"", "hodei.docker.host: \"" + engine.host() + "\"",
        "hodei.docker.network: \"host\"", "hodei.default-pool.max-workers: \"4\"",
        "hodei.docker.bundles-dir: \"" + Shell.checkout().resolve("build/agent-bundles") + "\"");
  }

  @AfterAll
  static void everyPathIsLegalAndNothingIsLeft() {
    try (OwnEngine used = engine) {
      try (Installation served = hodei) {
        assertEquals(List.of(), new LegalPaths().check(History.ofTopics(Topics.of(served))));
        Await.until("nothing of ours on the engine", GUARD, () -> used.left().isEmpty() ? Boolean.TRUE : null);
      }
      assertEquals("", used.docker("volume", "ls", "--format", "{{.Name}}").exits(0).out());
    }
  }

  private static String job(String... command) {
    return hodei.submit(Jobs.command("\"image\":\"" + image + "\",\"retry\":{\"maxAttempts\":3,\"backoff\":\"1s\"}", command));
  }

  private static List<String> providerEvents() {
    return Topics.of(hodei).events("hodei.worker-events").stream().filter(event -> event.type().startsWith("Provider")).map(Event::type).toList();
  }

  // proves: seed:gap-circuit-breaker, seed:gap-provider-alerts, contract:provider-events, promise:1, promise:5
  @Test
  void anEngineThatIsStoppedForHalfAMinuteLosesNothing() throws Exception {
    List<String> early = IntStream.range(0, 8).mapToObj(i -> job("sleep", "3")).toList();
    hodei.inState(early.getFirst(), "RUNNING");
    int told = providerEvents().size();
    long stopped = System.nanoTime();
    engine.stop();
    List<String> late = IntStream.range(0, 8).mapToObj(i -> job("true")).toList();

    JsonNode why = Await.until("why to name the engine", GUARD, () -> {
      JsonNode found = hodei.get("/v1/jobs/" + late.getLast() + "/why").is(200).json();
      return found.path("waitingFor").asText().equals("provider") ? found : null;
    });
    System.out.println("why names the engine " + (System.nanoTime() - stopped) / 1_000_000 + " ms after it was asked to stop: " + why.path("message").asText());
    assertTrue(why.path("message").asText().contains("docker-") && why.path("message").asText().contains("does not answer"), why.toPrettyString());
    assertEquals(List.of("ProviderUnavailable"), providerEvents().subList(told, told + 1));
    assertTrue(hodei.get("/v1/jobs/" + late.getLast()).json().path("state").asText().equals("PENDING"));
    Await.whenTrue("the metric to say that it is away", Duration.ofSeconds(10), () -> availability().equals("0.0"));
    // The fault itself: so long the engine is away.
    Thread.sleep(Math.max(0, AWAY_MS - (System.nanoTime() - stopped) / 1_000_000));
    engine.start();

    long back = System.nanoTime();
    for (String id : List.of(early, late).stream().flatMap(List::stream).toList()) {
      JsonNode ended = hodei.ended(id);
      assertEquals("SUCCEEDED", ended.path("state").asText(), ended.toPrettyString());
    }
    System.out.println("16 jobs had ended " + (System.nanoTime() - back) / 1_000_000 + " ms after the engine was back");
    List<String> events = providerEvents().subList(told, providerEvents().size());
    assertEquals("ProviderRecovered", events.getLast(), events.toString());
    Await.whenTrue("the metric to say that it is back", Duration.ofSeconds(10), () -> availability().equals("1.0"));
    Await.until("nothing of ours on the engine", GUARD, () -> engine.left().isEmpty() ? Boolean.TRUE : null);
  }

  private static String availability() {
    String all = hodei.send(HttpRequest.newBuilder(URI.create(hodei.url("gateway") + "/metrics")).GET()).body();
    return all.lines().filter(line -> line.startsWith("hodei_provider_available{") && line.contains("provider=\"docker\"")).findFirst().orElse("none").replaceAll(".* ", "");
  }

  /// The broker stands still while the engine makes the container, so that nobody can hear of it before lifecycle-service is dead.
  // proves: promise:2, promise:9
  @Test
  void aLifecycleServiceThatDiesBetweenCreationAndRecordFindsItsContainerAgain() {
    Faults faults = new Faults(hodei);
    long lifecycle = hodei.pidOf(Part.LIFECYCLE.label());
    String job = job("sleep", "2");
    String name = Await.until("the container", GUARD, () -> engine.left().stream().filter(each -> each.startsWith("hodei-")).findFirst().orElse(null));
    long broker = faults.freeze(Part.BROKER);
    try {
      Await.whenTrue("the container to run", GUARD, () -> engine.docker("inspect", "--format", "{{.State.Running}}", name).out().strip().equals("true"));
      ProcessTable.signal("KILL", lifecycle);
    } finally {
      faults.thaw(broker);
    }
    faults.bringBack(Part.LIFECYCLE);
    JsonNode ended = hodei.ended(job);
    assertEquals("SUCCEEDED 1 " + name, ended.path("state").asText() + " " + ended.path("attempt").asInt() + " hodei-" + ended.path("workerId").asText(),
        ended.toPrettyString());
    faults.awaitWell(Part.LIFECYCLE);
    hodei.gone(ended.path("workerId").asText());
    assertEquals(List.of(), engine.left());
  }
}
