package io.hodei.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.hodei.testkit.Await;
import io.hodei.testkit.Installation;
import io.hodei.testkit.ProcessTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Twenty jobs that count aloud, one line a second, and write down that they started: what a fault must not harm.
final class Batch {
  static final int JOBS = 20;

  private final Installation hodei;
  private final Path started;
  private final int seconds;
  private final List<String> ids = new ArrayList<>();

  private Batch(Installation hodei, Path started, int seconds) {
    this.hodei = hodei;
    this.started = started;
    this.seconds = seconds;
  }

  /// Submits them, and returns when all are RUNNING.
  static Batch running(Installation hodei, int seconds) {
    Batch batch = new Batch(hodei, hodei.work().resolve("started-" + System.nanoTime()), seconds);
    String job = Jobs.sh("echo $HODEI_JOB_ID >> " + batch.started + "; for i in $(seq 1 " + seconds + "); do echo line $i; sleep 1; done");
    String all = "[" + String.join(",", java.util.Collections.nCopies(JOBS, job)) + "]";
    hodei.post("/v1/jobs", all).is(202).json().path("items").forEach(each -> batch.ids.add(each.path("id").asText()));
    batch.ids.forEach(id -> hodei.inState(id, "RUNNING"));
    return batch;
  }

  /// All have succeeded on their first attempt and were started once, their logs are whole, their workers gone.
  void isWhole() throws IOException {
    for (String id : ids) {
      JsonNode ended = hodei.ended(id);
      assertEquals("SUCCEEDED", ended.path("state").asText(), ended.toPrettyString());
      assertEquals(1, ended.path("attempt").asInt(), ended.toPrettyString());
      String log = hodei.get("/v1/jobs/" + id + "/logs?format=text").is(200).body();
      assertEquals(seconds, log.lines().count(), log);
      assertTrue(ended.path("logRef").path(0).path("complete").asBoolean(), ended.toPrettyString());
      hodei.gone(ended.path("workerId").asText());
    }
    assertEquals(JOBS, Files.readAllLines(started).stream().distinct().count());
    assertEquals(JOBS, Files.readAllLines(started).size(), "started once each");
    Await.whenTrue("no agent and no job to be left", Duration.ofSeconds(60), () -> ProcessTable.ofInstallation(hodei.id()).isEmpty());
  }
}
