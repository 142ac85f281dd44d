package io.hodei.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.hodei.testkit.Await;
import io.hodei.testkit.Containers;
import io.hodei.testkit.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.parallel.ResourceLock;

/// What a pool opens its containers to, and containers that take one job after the other.
@EnabledIf("io.hodei.testkit.Containers#areWanted")
@ResourceLock(Shared.DOCKER)
class DockerPoolsST {
  private static Installation hodei;
  private static String tools;
  private static String other;

  @BeforeAll
  static void start() {
    tools = Containers.tools("hodei-st/tools:1", "ENV COLOUR=blue", "ENV LD_PRELOAD=/nowhere.so");
    other = Containers.tools("hodei-st/other:1", "ENV COLOUR=red");
    hodei = Shared.docker();
  }

  @AfterAll
  static void nothingIsLeft() {
    String id = hodei.id();
    Await.until("nothing of ours on the engine", Duration.ofSeconds(60), () -> {
      hodei.put("/v1/pools/again", pool("again", 0, "")).is(200);
      return Containers.of(id).isEmpty() ? id : null;
    });
  }

  private static String pool(String name, int slots, String more) {
    return "{\"providers\":[\"docker\"],\"mode\":\"" + (name.equals("again") ? "reusable" : "ephemeral") + "\",\"maxWorkers\":" + slots
        + ",\"template\":{\"image\":\"" + tools + "\"}" + (more.isEmpty() ? "" : "," + more) + "}";
  }

  private static JsonNode ran(String request) {
    JsonNode job = hodei.ended(hodei.submit(request));
    assertEquals("SUCCEEDED", job.path("state").asText(), job.toPrettyString());
    return job;
  }

  private static List<String> log(JsonNode job) {
    return hodei.get("/v1/jobs/" + job.path("id").asText() + "/logs?format=text").is(200).body().lines().filter(line -> !line.contains("ld.so")).toList();
  }

  // proves: contract:refuse-by-name, contract:provider-config
  @Test
  void aJobGetsWhatItsPoolAllowsAndNothingElse() throws IOException {
    Path given = Files.createDirectory(hodei.work().resolve("given"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    Files.writeString(given.resolve("file"), "from the machine\n");
    hodei.work().toFile().setExecutable(true, false);
    hodei.work().getParent().toFile().setExecutable(true, false);
    hodei.put("/v1/pools/open", pool("open", 4, "\"allow\":{\"docker\":{\"hostPaths\":{\"" + given + "\":\"ro\"},\"ulimits\":{\"nofile\":300},\"extraHosts\":true}}")).is(200);
    String asked = "\"pool\":\"open\",\"providerConfig\":{\"docker\":{\"mounts\":[{\"host\":\"" + given + "\",\"target\":\"/given\"}],\"ulimits\":{\"nofile\":300},"
        + "\"extraHosts\":{\"db\":\"10.9.8.7\"}}}";
    JsonNode job = ran(Jobs.command(asked, "sh", "-c", "cat /given/file; ulimit -n; while read a b; do [ \"$b\" = db ] && echo $a; done </etc/hosts; "
        + "touch /given/x 2>/dev/null && echo writable; true"));
    assertEquals(List.of("from the machine", "300", "10.9.8.7"), log(job));

    String refused = hodei.post("/v1/jobs", Jobs.command(asked.replace("\"target\"", "\"readOnly\":false,\"target\""), "true")).is(422).body();
    assertTrue(refused.contains("providerConfig.docker.mounts[0]") && refused.contains("not-allowed") && refused.contains(given + ": rw"), refused);
    assertTrue(hodei.get("/v1/pools/open").is(200).json().path("allow").path("docker").path("extraHosts").asBoolean());
  }

  // proves: seed:policy
  @Test
  void theSecondJobRunsInTheSameContainerAndFindsNothingOfTheFirst() {
    hodei.put("/v1/pools/again", pool("again", 1, "\"policy\":{\"idleTimeout\":\"60s\"}")).is(200);
    JsonNode first = ran(Jobs.command("\"pool\":\"again\"", "sh", "-c",
        "echo secret >kept; echo secret >/tmp/kept; echo secret >/dev/shm/kept; echo secret >$TMPDIR/kept; (sleep 1000 &); (sleep 1001 >/dev/null 2>&1 &); exit 0"));
    JsonNode second = ran(Jobs.command("\"pool\":\"again\"", "sh", "-c",
        "ls -A . /tmp /dev/shm $TMPDIR; for p in /proc/[0-9]*/cmdline; do cat $p 2>/dev/null | head -c 5 | (read -r c; [ \"$c\" = sleep ] && echo alive); done; echo $COLOUR"));
    assertEquals(first.path("workerId").asText(), second.path("workerId").asText());
    List<String> seen = log(second);
    assertTrue(seen.stream().noneMatch(line -> line.contains("kept") || line.contains("alive")), seen.toString());
    assertEquals("blue", seen.getLast());

    JsonNode third = ran("{\"pool\":\"again\",\"image\":\"" + other + "\",\"command\":[\"sh\",\"-c\",\"echo $COLOUR\"]}");
    assertNotEquals(first.path("workerId").asText(), third.path("workerId").asText());
    assertEquals(List.of("red"), log(third));
    hodei.gone(first.path("workerId").asText());
  }

  @Test
  void anIdleContainerGoesAtItsTime() {
    hodei.put("/v1/pools/again", pool("again", 1, "\"policy\":{\"idleTimeout\":\"2s\"}")).is(200);
    JsonNode job = ran(Jobs.command("\"pool\":\"again\"", "true"));
    JsonNode worker = hodei.gone(job.path("workerId").asText());
    assertEquals("IDLE_TIMEOUT", worker.path("terminationReason").asText(), worker.toPrettyString());
  }
}
