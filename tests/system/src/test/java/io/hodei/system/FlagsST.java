package io.hodei.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.hodei.testkit.Await;
import io.hodei.testkit.Installation;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// The run-time flags on a running installation, switched without a restart.
// proves: seed:flags
@Execution(ExecutionMode.SAME_THREAD)
class FlagsST {
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

  // proves: contract:flags, contract:http-flags, seed:clean-up-gc
  @Test
  void withoutImmediateCleanupTwentyJobsAreDestroyedByGcWithinAMinute() {
    set("hodei.lifecycle.immediate-cleanup=false");
    try {
      assertEquals(false, hodei.get("/v1/flags").is(200).json().path("hodei.lifecycle.immediate-cleanup").asBoolean(true));
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
    set("hodei.lifecycle.immediate-cleanup-percent=10");
    try {
      List<String> chosen = ids(true, 4);
      List<String> others = ids(false, 4);
      for (String id : IntStream.range(0, 4).boxed().flatMap(i -> java.util.stream.Stream.of(chosen.get(i), others.get(i))).toList()) {
        hodei.submit(Jobs.command("\"id\":\"" + id + "\"", "true"));
      }
      chosen.forEach(id -> assertEquals("immediate", destroyedBy(id), id));
      others.forEach(id -> assertEquals("gc", destroyedBy(id), id));
    } finally {
      everythingOn();
    }
  }

  private static String destroyedBy(String job) {
    return hodei.gone(hodei.ended(job).path("workerId").asText()).path("destroyedBy").asText();
  }

  /// Ids of which a canary of 10 % takes all or none: the rule as documented, computed here.
  private static List<String> ids(boolean chosen, int count) {
    return IntStream.range(0, 10_000).mapToObj(i -> "canary-" + i).filter(id -> (bucketOf(id) < 10) == chosen).limit(count).toList();
  }

  private static int bucketOf(String id) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
      return new BigInteger(1, hash).mod(BigInteger.valueOf(100)).intValue();
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
