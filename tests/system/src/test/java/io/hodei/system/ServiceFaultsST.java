package io.hodei.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.testkit.Faults;
import io.hodei.testkit.History;
import io.hodei.testkit.Installation;
import io.hodei.testkit.LegalPaths;
import io.hodei.testkit.Part;
import io.hodei.testkit.Topics;
import java.io.IOException;
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
  private static Faults faults;

  @BeforeAll
  static void start() {
    hodei = Installation.start(true);
    faults = new Faults(hodei);
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
    Part part = Part.of(service);
    faults.kill(part);
    faults.bringBack(part);
    faults.awaitWell(part);
    batch.isWhole();
    assertTrue(hodei.well(part));
  }

  /// Those that neither decide nor act are frozen together: nobody waits for them.
  // proves: promise:9
  @ParameterizedTest
  @ValueSource(strings = {"dispatcher", "lifecycle-service", "gc-service audit-service job-api"})
  void frozen(String services) throws Exception {
    Batch batch = Batch.running(hodei, 25);
    List<Part> parts = Stream.of(services.split(" ")).map(Part::of).toList();
    List<Long> pids = parts.stream().map(faults::freeze).toList();
    try {
      // The fault itself: so long nobody hears of the services.
      Thread.sleep(AWAY_MS);
    } finally {
      pids.forEach(faults::thaw);
    }
    parts.forEach(faults::awaitWell);
    batch.isWhole();
  }
}
