package io.hodei.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hodei.testkit.Await;
import io.hodei.testkit.Installation;
import io.hodei.testkit.ProcessTable;
import io.hodei.testkit.Ran;
import io.hodei.testkit.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Pools that are made and changed while everything runs, workers that take one job after the other, and workers that are kept.
// proves: seed:policy
@ResourceLock(Shared.WHOLE)
class PoolsST {
  private final Installation hodei = Shared.installation();

  private static String in(String pool, String script) {
    return Jobs.command("\"pool\":\"" + pool + "\"", "sh", "-c", script);
  }

  private JsonNode put(String pool, String body) {
    return hodei.put("/v1/pools/" + pool, body).is(200).json();
  }

  private JsonNode run(String pool, String script) {
    return hodei.ended(hodei.submit(in(pool, script)));
  }

  private String log(JsonNode job) {
    return hodei.get("/v1/jobs/" + job.path("id").asText() + "/logs?format=text").is(200).body();
  }

  // proves: contract:http-pools, contract:topic-pools-flags
  @Test
  void aPoolIsMadeReadBackAndChanged() {
    String every = "{\"providers\":[\"process\"],\"strategy\":\"ordered\",\"mode\":\"reusable\",\"minWarm\":0,\"maxWorkers\":3,\"template\":{\"env\":{\"COLOUR\":\"blue\"}},"
        + "\"policy\":{\"maxLifetime\":\"2h\",\"ttlAfterCompletion\":\"5s\",\"idleTimeout\":\"7s\",\"gracefulTermination\":\"1500ms\",\"autoCleanup\":false,"
        + "\"orphanDetection\":true,\"orphanCheckInterval\":\"15s\",\"maxJobTimeout\":\"1h\",\"createTimeout\":\"20s\",\"connectTimeout\":\"21s\",\"maxJobs\":9,"
        + "\"maxCreating\":2,\"keepOnFailure\":true},\"allow\":{}}";
    JsonNode made = put("read-back", every);
    assertEquals(1, made.path("generation").asInt());
    assertEquals("7s", made.path("policy").path("idleTimeout").asText());
    assertEquals(made, hodei.get("/v1/pools/read-back").is(200).json());
    assertEquals(made, put("read-back", made.toString()), "what was read may be put back, and changes nothing");
    ObjectNode changed = made.deepCopy();
    changed.put("maxWorkers", 4);
    assertEquals(2, put("read-back", changed.toString()).path("generation").asInt());
    assertEquals("conflict", hodei.put("/v1/pools/read-back", changed.toString()).is(409).json().path("type").asText().replace("urn:hodei:problem:", ""));
    GenericRecord record = Topics.of(hodei).records("hodei.pools").stream().filter(pool -> pool.get("name").toString().equals("read-back")).toList().getLast();
    assertEquals(4, record.get("maxWorkers"));
    assertEquals(7_000L, record.get("idleTimeoutMs"));
    hodei.put("/v1/pools/read-back", "{\"minWarm\":2}").is(422);
    hodei.put("/v1/pools/-x", "{}").is(422);
    hodei.put("/v1/pools/read-back", "{\"policy\":{\"idletimeout\":\"1s\"}}").is(422);
    assertEquals("blue", log(run("read-back", "printf $COLOUR")));
  }

  // proves: contract:pools
  @Test
  void theCliAppliesPoolsOfAFile() throws IOException {
    Path file = hodei.work().resolve("pools.yaml");
    Files.writeString(file, "name: from-yaml\nmaxWorkers: 2\npolicy:\n  idleTimeout: 3s\n---\nname: from-yaml-too\n");
    Ran applied = hodei.cli("pools", "apply", "-f", file.toString());
    applied.exits(0);
    assertTrue(applied.out().contains("pool from-yaml is at generation 1"), applied.out());
    assertEquals("3s", hodei.get("/v1/pools/from-yaml").is(200).json().path("policy").path("idleTimeout").asText());
    assertTrue(hodei.cli("pools").out().contains("from-yaml-too"));
    Files.writeString(file, "name: from-yaml\nmaxWorkers: many\n");
    Ran refused = hodei.cli("pools", "apply", "-f", file.toString());
    assertFalse(refused.exit() == 0);
    assertTrue(refused.err().contains("Expected a whole number"), refused.err());
  }

  // proves: seed:scenario-completion-keeps
  @Test
  void oneReusableWorkerRunsManyJobsEachInACleanPlace() {
    put("reuse", "{\"mode\":\"reusable\",\"maxWorkers\":1,\"policy\":{\"idleTimeout\":\"4s\"}}");
    String mark = "600." + (10_000 + ProcessHandle.current().pid());
    JsonNode first = run("reuse", "echo secret > left; echo x > $TMPDIR/left; export LEFT=1; (setsid sleep " + mark + " >/dev/null 2>&1 &) ; sleep 0.1; ls");
    JsonNode second = run("reuse", "ls -A . $TMPDIR; echo left=$LEFT; ps -eo args | grep -c \"[s]leep " + mark + "\"; exit 3");
    JsonNode third = run("reuse", "echo third");
    Set<String> workers = new HashSet<>(List.of(first.path("workerId").asText(), second.path("workerId").asText(), third.path("workerId").asText()));
    assertEquals(1, workers.size(), "one worker for all");
    assertEquals("FAILED", second.path("state").asText());
    String seen = log(second);
    assertTrue(seen.contains("left=\n0\n") && !seen.contains("left\n"), seen);
    JsonNode idle = hodei.worker(third.path("workerId").asText());
    assertEquals("READY reusable null 3", idle.path("state").asText() + " " + idle.path("mode").asText() + " " + idle.path("jobId").asText("null") + " " + idle.path("jobsRun").asInt());
    JsonNode gone = hodei.gone(third.path("workerId").asText());
    assertEquals("IDLE_TIMEOUT", gone.path("terminationReason").asText());
    assertEquals("gc", gone.path("destroyedBy").asText());
    Await.whenTrue("no process of it to be left", Duration.ofSeconds(10), () -> ProcessTable.ofWorker(gone.path("id").asText()).isEmpty());
  }

  @Test
  void fiftyJobsOnTwoReusableWorkersAreStartedOnceEach() throws IOException {
    put("busy", "{\"mode\":\"reusable\",\"maxWorkers\":2,\"policy\":{\"idleTimeout\":\"2s\"}}");
    Path started = hodei.work().resolve("reused-" + System.nanoTime());
    List<String> jobs = new ArrayList<>();
    IntStream.range(0, 50).forEach(i -> jobs.add(hodei.submit(in("busy", "echo $HODEI_JOB_ID >> " + started + "; seq 1 20"))));
    Set<String> workers = new HashSet<>();
    for (String id : jobs) {
      JsonNode job = hodei.ended(id);
      assertEquals("SUCCEEDED 1", job.path("state").asText() + " " + job.path("attempt").asInt(), job.toPrettyString());
      assertEquals(20, log(job).lines().count());
      assertTrue(job.path("logRef").path(0).path("complete").asBoolean());
      workers.add(job.path("workerId").asText());
    }
    assertEquals(50, Files.readAllLines(started).size());
    assertEquals(50, new HashSet<>(Files.readAllLines(started)).size());
    assertTrue(workers.size() <= 2, () -> "Expected two workers at most, but found " + workers);
    workers.forEach(hodei::gone);
  }

  @Test
  void aPoolMayChangeUnderRunningJobs() {
    put("changing", "{\"mode\":\"reusable\",\"maxWorkers\":3,\"policy\":{\"idleTimeout\":\"1m\"}}");
    List<String> running = IntStream.range(0, 3).mapToObj(i -> hodei.submit(in("changing", "sleep 3; echo done"))).toList();
    running.forEach(id -> hodei.inState(id, "RUNNING"));
    put("changing", "{\"maxWorkers\":1,\"policy\":{\"maxJobTimeout\":\"10s\"}}");
    hodei.post("/v1/jobs", Jobs.command("\"pool\":\"changing\",\"timeout\":\"1m\"", "true")).is(422);
    String next = hodei.submit(in("changing", "echo next"));
    running.forEach(id -> {
      JsonNode job = hodei.ended(id);
      assertEquals("SUCCEEDED", job.path("state").asText(), job.toPrettyString());
      assertEquals("immediate", hodei.gone(job.path("workerId").asText()).path("destroyedBy").asText());
    });
    JsonNode job = hodei.ended(next);
    assertEquals("SUCCEEDED", job.path("state").asText());
    assertEquals("ephemeral", hodei.worker(job.path("workerId").asText()).path("mode").asText());
  }

  // proves: seed:scenario-ttl
  @Test
  void theWorkerOfAFailedJobIsKeptForItsTimeAndHarmsNobody() {
    put("keeping", "{\"maxWorkers\":1,\"policy\":{\"keepOnFailure\":true,\"ttlAfterCompletion\":\"15s\"}}");
    JsonNode failed = run("keeping", "echo why > trace; exit 5");
    String id = failed.path("workerId").asText();
    // A job's row and its worker's come to job-api on two topics.
    Await.whenTrue("its worker to be kept", Duration.ofSeconds(20), () -> hodei.worker(id).path("state").asText().equals("DRAINING"));
    Path trace = hodei.data().resolve("workers").resolve(id).resolve("scratch/work/trace");
    assertTrue(Files.exists(trace), () -> "Expected " + trace + " to be kept");
    assertEquals("SUCCEEDED", run("keeping", "true").path("state").asText(), "a kept worker holds no slot");
    Await.whenTrue("its agent to have gone", Duration.ofSeconds(60), () -> ProcessTable.ofWorker(id).isEmpty());
    assertEquals("DRAINING", hodei.worker(id).path("state").asText(), "its agent's exit is no loss");
    JsonNode gone = hodei.gone(id);
    assertEquals("TTL_EXPIRED gc", gone.path("terminationReason").asText() + " " + gone.path("destroyedBy").asText());
    assertFalse(Files.exists(trace));
    assertEquals(1, failed.path("attempt").asInt());
  }

  // proves: seed:policy
  @Test
  void anIdleWorkerIsDestroyedWhenItHasLivedForLongEnough() {
    put("mortal", "{\"mode\":\"reusable\",\"policy\":{\"maxLifetime\":\"6s\",\"idleTimeout\":\"10m\"}}");
    JsonNode job = run("mortal", "true");
    JsonNode gone = hodei.gone(job.path("workerId").asText());
    assertEquals("MAX_LIFETIME", gone.path("terminationReason").asText());
    Await.whenTrue("its agent to be dead", Duration.ofSeconds(10), () -> ProcessTable.ofWorker(gone.path("id").asText()).isEmpty());
  }

  @Test
  void anAttemptWithoutATimeoutEndsWithThePoolsMaxLifetime() {
    put("short", "{\"policy\":{\"maxLifetime\":\"2s\",\"gracefulTermination\":\"500ms\"}}");
    JsonNode job = run("short", "sleep 600");
    assertEquals("TIMEOUT", job.path("state").asText(), job.toPrettyString());
    hodei.gone(job.path("workerId").asText());
  }
}
