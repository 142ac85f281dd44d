package io.hodei.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.hodei.testkit.Await;
import io.hodei.testkit.History;
import io.hodei.testkit.Installation;
import io.hodei.testkit.LegalPaths;
import io.hodei.testkit.ProcessTable;
import io.hodei.testkit.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// kill -9 of everything.
class CrashST {
  // proves: promise:1, promise:2, promise:9, invariant:I1
  @Test
  void everythingIsKilledWithFiftyJobsInFlight() throws IOException {
    try (Installation hodei = Installation.start(false, "hodei.gc.interval: \"5s\"")) {
      Path started = hodei.work().resolve("started");
      List<String> jobs = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        jobs.add(Jobs.sh("echo $HODEI_JOB_ID >> " + started + "; sleep 8"));
      }
      List<String> ids = new ArrayList<>();
      hodei.post("/v1/jobs", "[" + String.join(",", jobs) + "]").is(202).json().path("items").forEach(job -> ids.add(job.path("id").asText()));
      Await.whenTrue("ten jobs to run", Duration.ofSeconds(60), () -> Files.exists(started) && lines(started).size() >= 10);
      ProcessTable.signal("KILL", hodei.pid());
      hodei.up();
      for (String id : ids) {
        JsonNode ended = hodei.ended(id);
        assertTrue(List.of("SUCCEEDED", "FAILED").contains(ended.path("state").asText()), ended.toPrettyString());
        if (ended.path("state").asText().equals("FAILED")) {
          assertEquals("WORKER_LOST", ended.path("reason").asText(), ended.toPrettyString());
        }
      }
      List<String> starts = lines(started);
      assertEquals(starts.stream().distinct().count(), starts.size(), "started at most once each");
      Topics topics = Topics.of(hodei);
      assertEquals(List.of(), new LegalPaths().check(History.ofTopics(topics)));
      long succeeded = ids.stream().filter(id -> hodei.ended(id).path("state").asText().equals("SUCCEEDED")).count();
      System.out.println("kill -9 of everything: " + succeeded + " of 50 SUCCEEDED, " + starts.size() + " started");
      Await.whenTrue("nothing to be left", Duration.ofSeconds(90), () -> ProcessTable.ofInstallation(hodei.id()).isEmpty());
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
