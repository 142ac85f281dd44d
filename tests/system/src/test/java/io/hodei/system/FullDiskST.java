package io.hodei.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.hodei.testkit.Answer;
import io.hodei.testkit.Await;
import io.hodei.testkit.History;
import io.hodei.testkit.Installation;
import io.hodei.testkit.LegalPaths;
import io.hodei.testkit.Ran;
import io.hodei.testkit.Shell;
import io.hodei.testkit.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A disk that is full, and a Postgres whose disk is: each a small file system in memory, which only root can mount.
class FullDiskST {
  private static void shell(String script) {
    Shell.run(Map.of(), Path.of("/"), List.of("sh", "-c", script)).exits(0);
  }

  /// Takes all that is left.
  private static void fill(Path directory) {
    Shell.run(Map.of(), Path.of("/"), List.of("dd", "if=/dev/zero", "of=" + directory.resolve("filling"), "bs=64k"));
  }

  private static Answer submission(Installation hodei, String key) {
    return hodei.post("/v1/jobs", Jobs.sh("echo " + key), "Idempotency-Key", key);
  }

  @Test
  void onAFullDiskNothingIsAcceptedNothingIsLostAndItGoesOnWhenFreed() throws IOException {
    Path base = Files.createTempDirectory("hodei-full-");
    Path disk = Files.createDirectories(base.resolve("disk"));
    shell("mount -t tmpfs -o size=1g tmpfs " + disk);
    try (Installation hodei = Installation.start(disk, true)) {
      Path outside = base.resolve("started");
      List<String> running = IntStream.range(0, 5).mapToObj(i -> hodei.submit(Jobs.sh("echo $HODEI_JOB_ID >> " + outside
          + "; for i in $(seq 1 30); do echo line $i; sleep 1; done"))).toList();
      running.forEach(id -> hodei.inState(id, "RUNNING"));
      fill(disk);
      Await.whenTrue("submissions to be refused", Duration.ofSeconds(30), () -> submission(hodei, "full-1").status() == 503);
      assertTrue(submission(hodei, "full-2").headers().firstValue("Retry-After").isPresent());
      Ran status = hodei.cli("status");
      assertTrue(status.out().contains("MiB free"), status.out());
      Ran refused = hodei.askUp();
      assertTrue(refused.exit() != 0 && refused.err().contains("200 MiB free"), refused.out() + refused.err());

      Files.delete(disk.resolve("filling"));
      hodei.up();
      for (String id : running) {
        JsonNode job = hodei.ended(id);
        assertEquals("SUCCEEDED 1", job.path("state").asText() + " " + job.path("attempt").asInt(), job.toPrettyString());
        assertEquals(30, hodei.get("/v1/jobs/" + id + "/logs?format=text").is(200).body().lines().count());
        hodei.gone(job.path("workerId").asText());
      }
      assertEquals(5, Files.readAllLines(outside).size(), "started once each");
      for (String key : List.of("full-1", "full-2")) {
        JsonNode job = hodei.ended(submission(hodei, key).is(202).json().path("id").asText());
        assertEquals("SUCCEEDED", job.path("state").asText());
      }
      assertEquals(List.of(), new LegalPaths().check(History.ofTopics(Topics.of(hodei))));
    } finally {
      shell("umount -l " + disk);
    }
  }

  @Test
  void withPostgresFullJobsGoOnAndAuditSaysSoAndCatchesUp() throws IOException {
    Path base = Files.createTempDirectory("hodei-pgfull-");
    try (Installation hodei = Installation.start(base, true)) {
      Path postgres = hodei.data().resolve("postgres");
      hodei.cli("down").exits(0);
      shell("cp -a " + postgres + " " + base + "/saved && mount -t tmpfs -o size=110m tmpfs " + postgres + " && cp -a " + base + "/saved/. " + postgres
          + " && chmod --reference=" + base + "/saved " + postgres + " && chown --reference=" + base + "/saved " + postgres);
      try {
        hodei.up();
        String before = hodei.submit(Jobs.sh("true"));
        assertEquals("SUCCEEDED", hodei.ended(before).path("state").asText());
        Await.whenTrue("audit to have it", Duration.ofSeconds(60), () -> audited(hodei, before) == 1);
        fill(postgres);
        List<String> jobs = IntStream.range(0, 8).mapToObj(i -> hodei.submit(Jobs.sh("echo " + i))).toList();
        jobs.forEach(id -> assertEquals("SUCCEEDED", hodei.ended(id).path("state").asText()));
        Await.whenTrue("audit to say that its database is full", Duration.ofSeconds(60), () -> hodei.get("/health/ready").status() == 200 && !hodei.ready("audit"));
        Files.delete(postgres.resolve("filling"));
        Await.whenTrue("audit to be ready again", Duration.ofSeconds(120), () -> hodei.ready("audit"));
        for (String id : jobs) {
          Await.whenTrue("audit to have the end of " + id, Duration.ofSeconds(60), () -> audited(hodei, id) == 1);
        }
      } finally {
        hodei.cli("down");
        shell("umount -l " + postgres);
      }
    }
  }

  /// How many ends of the job the audit holds.
  private static int audited(Installation hodei, String job) {
    Answer answer = hodei.get("/v1/audit/events?type=JobCompleted&jobId=" + job);
    return answer.status() == 200 ? answer.json().path("items").size() : -1;
  }
}
