package io.hodei.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.hodei.testkit.Await;
import io.hodei.testkit.Installation;
import io.hodei.testkit.Topics;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/// The run-time flags on a running installation, switched without a restart.
// proves: seed:flags
@ResourceLock(Shared.WHOLE)
class FlagsST {
  /// Of the canary; `HODEI_CANARY_JOBS=500 ./hodei test FlagsST` is the long form.
  private static final int JOBS = Integer.parseInt(System.getenv().getOrDefault("HODEI_CANARY_JOBS", "100"));

  private static Installation hodei;

  @BeforeAll
  static void start() {
    hodei = Installation.start(false);
  }

  @AfterAll
  static void stop() {
    hodei.close();
  }

  private static void set(String... flags) {
    List<String> words = new ArrayList<>(List.of("flags", "set"));
    words.addAll(List.of(flags));
    hodei.cli(words.toArray(String[]::new)).exits(0);
  }

  private static void everythingOn() {
    set("hodei.lifecycle.enabled=true", "hodei.lifecycle.immediate-cleanup=true", "hodei.lifecycle.immediate-cleanup-percent=100");
  }

  // proves: contract:flags, contract:http-flags, contract:topic-pools-flags, seed:clean-up-gc
  @Test
  void withoutImmediateCleanupTwentyJobsAreDestroyedByGcWithinAMinute() {
    set("hodei.lifecycle.immediate-cleanup=false");
    try {
      assertEquals(false, hodei.get("/v1/flags").is(200).json().path("hodei.lifecycle.immediate-cleanup").asBoolean(true));
      assertEquals("false", Topics.of(hodei).records("hodei.flags").stream()
          .filter(flag -> Topics.text(flag, "name").equals("hodei.lifecycle.immediate-cleanup")).map(flag -> Topics.text(flag, "value")).toList().getLast());
      List<String> jobs = IntStream.range(0, 20).mapToObj(i -> hodei.submit(Jobs.sh("echo " + i))).toList();
      long longest = 0;
      for (String job : jobs) {
        JsonNode ended = hodei.ended(job);
        assertEquals("SUCCEEDED", ended.path("state").asText());
        JsonNode gone = hodei.gone(ended.path("workerId").asText());
        assertEquals("gc", gone.path("destroyedBy").asText());
        longest = Math.max(longest, gone.path("finishedToDestroyedMs").asLong());
      }
      System.out.println("destroyed_by_gc jobs=20 longest_ms=" + longest + " promise_ms=60000");
      assertTrue(longest <= 60_000, () -> "Expected every worker to be gone in 60 s");
    } finally {
      everythingOn();
    }
    JsonNode after = hodei.ended(hodei.submit(Jobs.sh("true")));
    assertEquals("immediate", hodei.gone(after.path("workerId").asText()).path("destroyedBy").asText());
  }

  // proves: contract:http-why
  @Test
  void withTheLifecycleOffJobsWaitAndWhySaysSo() {
    set("hodei.lifecycle.enabled=false");
    try {
      String job = hodei.submit(Jobs.sh("echo waited"));
      JsonNode why = Await.until("why to name the lifecycle", Duration.ofSeconds(10), () -> {
        JsonNode answer = hodei.get("/v1/jobs/" + job + "/why").is(200).json();
        return answer.path("waitingFor").asText().equals("lifecycle") ? answer : null;
      });
      assertTrue(why.path("message").asText().contains("hodei.lifecycle.enabled is false"), why.toString());
      JsonNode still = hodei.get("/v1/jobs/" + job + "?wait=terminal&timeout=3s").is(200).json();
      assertEquals("PENDING", still.path("state").asText());
      set("hodei.lifecycle.enabled=true");
      assertEquals("SUCCEEDED", hodei.ended(job).path("state").asText());
    } finally {
      everythingOn();
    }
  }

  // proves: seed:scenario-canary
  @Test
  void theCanaryIsDecidedByTheIdAlone() {
    List<String> ids = IntStream.range(0, JOBS).mapToObj(i -> "canary-" + i).toList();
    Set<String> chosen = ids.stream().filter(id -> bucketOf(id) < 10).collect(Collectors.toSet());
    // Workers that wait for a cycle hold their slots.
    hodei.put("/v1/pools/canary", "{\"maxWorkers\":300,\"policy\":{\"maxCreating\":4}}").is(200);
    set("hodei.lifecycle.immediate-cleanup-percent=10");
    try {
      hodei.post("/v1/jobs", "[" + ids.stream().map(FlagsST::request).collect(Collectors.joining(",")) + "]").is(202);
      Map<String, String> destroyedBy = new HashMap<>();
      ids.forEach(id -> hodei.ended(id));
      hodei.post("/v1/gc/runs", "").is(200);
      ids.forEach(id -> destroyedBy.put(id, hodei.gone(hodei.get("/v1/jobs/" + id).is(200).json().path("workerId").asText()).path("destroyedBy").asText()));
      Set<String> immediate = ids.stream().filter(id -> "immediate".equals(destroyedBy.get(id))).collect(Collectors.toSet());
      System.out.println("canary percent=10 jobs=" + JOBS + " immediate=" + immediate.size());
      assertEquals(chosen, immediate);
      assertTrue(immediate.size() * 100 >= 6 * JOBS && immediate.size() * 100 <= 14 * JOBS, () -> immediate.size() + " of " + JOBS);
      assertEquals(Set.of("immediate", "gc"), Set.copyOf(destroyedBy.values()));
    } finally {
      everythingOn();
    }
  }

  // proves: seed:scenario-canary
  @Test
  void theSameIdsAreChosenOnAnotherInstallation() {
    Installation other = Shared.installation();
    other.cli("flags", "set", "hodei.lifecycle.immediate-cleanup-percent=10").exits(0);
    try {
      List<String> ids = IntStream.range(0, 40).mapToObj(i -> "canary-" + i).toList();
      ids.forEach(id -> other.submit(Jobs.command("\"id\":\"" + id + "\"", "true")));
      ids.forEach(id -> assertEquals(bucketOf(id) < 10 ? "immediate" : "gc",
          other.gone(other.ended(id).path("workerId").asText()).path("destroyedBy").asText(), id));
      assertTrue(ids.stream().anyMatch(id -> bucketOf(id) < 10));
    } finally {
      other.cli("flags", "set", "hodei.lifecycle.immediate-cleanup-percent=100").exits(0);
    }
  }

  private static String request(String id) {
    return Jobs.command("\"id\":\"" + id + "\",\"pool\":\"canary\"", "true");
  }

  /// The rule as documented: the SHA-256 of the id modulo 100.
  private static int bucketOf(String id) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
      return new BigInteger(1, hash).mod(BigInteger.valueOf(100)).intValue();
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
