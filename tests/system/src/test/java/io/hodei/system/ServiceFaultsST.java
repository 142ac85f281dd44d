package io.hodei.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.testkit.Await;
import io.hodei.testkit.History;
import io.hodei.testkit.Installation;
import io.hodei.testkit.LegalPaths;
import io.hodei.testkit.ProcessTable;
import io.hodei.testkit.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each service in turn is away while twenty jobs run.
class ServiceFaultsST {
  private static final int AWAY_MS = 20_000;

  private static Installation hodei;

  @BeforeAll
  static void start() {
    hodei = Installation.start(true);
  }

  @AfterAll
  static void stop() {
    try {
      Topics topics = Topics.of(hodei);
      assertEquals(List.of(), new LegalPaths().check(History.ofTopics(topics)));
    } finally {
      hodei.close();
    }
  }

  // proves: promise:9, promise:1, promise:6
  @ParameterizedTest
  @ValueSource(strings = {"dispatcher", "lifecycle-service", "gc-service", "audit-service", "job-api"})
  void killed(String service) throws IOException {
    Batch batch = Batch.running(hodei, 12);
    ProcessTable.signal("KILL", hodei.pidOf(service));
    Process back = hodei.serve(service);
    awaitReady(service);
    batch.isWhole();
    assertTrue(back.isAlive());
  }

  /// Those that neither decide nor act are frozen together: nobody waits for them.
  // proves: promise:9
  @ParameterizedTest
  @ValueSource(strings = {"dispatcher", "lifecycle-service", "gc-service audit-service job-api"})
  void frozen(String services) throws Exception {
    Batch batch = Batch.running(hodei, 25);
    List<Long> pids = Stream.of(services.split(" ")).map(hodei::pidOf).toList();
    pids.forEach(pid -> ProcessTable.signal("STOP", pid));
    try {
      // The fault itself: so long nobody hears of the services.
      Thread.sleep(AWAY_MS);
    } finally {
      pids.forEach(pid -> ProcessTable.signal("CONT", pid));
    }
    for (String service : services.split(" ")) {
      awaitReady(service);
    }
    batch.isWhole();
  }

  private static void awaitReady(String service) {
    String name = switch (service) {
      case "dispatcher" -> "gateway";
      case "lifecycle-service" -> "lifecycle";
      case "gc-service" -> "gc";
      case "audit-service" -> "audit";
      default -> "api";
    };
    Await.whenTrue(service + " to be ready", Duration.ofSeconds(90), () -> hodei.ready(name));
  }
}
