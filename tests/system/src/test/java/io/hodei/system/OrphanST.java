package io.hodei.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.testkit.Await;
import io.hodei.testkit.Installation;
import io.hodei.testkit.Topics;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Infrastructure that no table knows.
@ResourceLock(Shared.WHOLE)
class OrphanST {
  private final Installation hodei = Shared.installation();

  // proves: promise:3, lie:1, lie:3, seed:orphan-detection, contract:infrastructure-marks
  @Test
  void aStrayIsRemovedAForeignOneAndABusyOneStay() throws IOException {
    String busy = hodei.submit(Jobs.sh("sleep 45"));
    hodei.inState(busy, "RUNNING");
    Process stray = marked("stray-" + System.nanoTime(), hodei.id());
    Process foreign = marked("foreign-" + System.nanoTime(), "another0000");
    try {
      Duration took = Await.whenTrue("the stray to be gone", Duration.ofSeconds(5 * 60), () -> !stray.isAlive());
      System.out.println("stray gone after " + took.toMillis() + " ms");
      assertTrue(foreign.isAlive(), "another installation's stays");
      Await.whenTrue("the orphan to be reported", Duration.ofSeconds(30), () -> Topics.of(hodei).records("hodei.gc-events").stream()
          .anyMatch(event -> Topics.text(event, "type").equals("OrphanWorkerDetected")));
      assertEquals("SUCCEEDED", hodei.ended(busy).path("state").asText(), "the busy one stays");
    } finally {
      stray.destroyForcibly();
      foreign.destroyForcibly();
    }
  }

  private static Process marked(String worker, String installation) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("sleep", "400");
    builder.environment().put("HODEI_WORKER_ID", worker);
    builder.environment().put("HODEI_INSTALLATION_ID", installation);
    return builder.start();
  }
}
