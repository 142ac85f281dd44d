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
  private static String lowering;

  @BeforeAll
  static void start() {
    tools = Containers.tools("hodei-st/tools:1", "ENV COLOUR=blue", "ENV LD_PRELOAD=/nowhere.so");
    other = Containers.tools("hodei-st/other:1", "ENV COLOUR=red");
    lowering = Containers.tools("hodei-st/lowering:1", List.of("/usr/bin/prlimit", "/usr/bin/renice"));
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

  @Test
  void whatAnImageDeclaresAsVolumeIsForEveryJobAsTheImageHasIt() throws IOException {
    Path declared = Files.createTempDirectory(Path.of("/var/tmp"), "hodei-declared");
    Files.setPosixFilePermissions(declared, PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.writeString(declared.resolve("given"), "of the image\n");
    String image = Containers.tools("hodei-st/declares:1", List.of(declared.toString()), "VOLUME " + declared);
    Files.delete(declared.resolve("given"));
    Files.delete(declared);
    hodei.put("/v1/pools/again", pool("again", 1, "\"policy\":{\"idleTimeout\":\"60s\"}")).is(200);
    String in = "\"image\":\"" + image + "\"";

    JsonNode reads = ran(Jobs.command("\"pool\":\"again\"," + in, "cat", declared + "/given"));
    JsonNode writes = ran(Jobs.command("\"pool\":\"again\"," + in, "sh", "-c", "echo secret >" + declared + "/kept"));
    JsonNode next = ran(Jobs.command("\"pool\":\"again\"," + in, "sh", "-c", "ls -A " + declared + "; cat " + declared + "/given"));

    assertEquals(List.of("of the image"), log(reads));
    assertEquals(reads.path("workerId").asText(), writes.path("workerId").asText(), "who only reads leaves it to the next");
    assertNotEquals(writes.path("workerId").asText(), next.path("workerId").asText());
    assertEquals(List.of("given", "of the image"), log(next));
    String why = hodei.gone(writes.path("workerId").asText()).toString();
    assertTrue(why.contains("it has changed something in " + declared), why);

    assertEquals(List.of("once"), log(ran(Jobs.command(in, "sh", "-c", "echo once >" + declared + "/kept; cat " + declared + "/kept"))));
  }

  @Test
  void aJobThatLowersItsAgentHasNoNext() {
    hodei.put("/v1/pools/again", pool("again", 1, "\"policy\":{\"idleTimeout\":\"60s\"}")).is(200);
    String image = "\"pool\":\"again\",\"image\":\"" + lowering + "\"";
    JsonNode first = ran(Jobs.command(image, "prlimit", "--pid", "1", "--nofile=500:500"));
    JsonNode second = ran(Jobs.command(image, "sh", "-c", "ulimit -n; renice -n 19 -p 1 >/dev/null"));
    JsonNode third = ran(Jobs.command(image, "true"));

    assertNotEquals(first.path("workerId").asText(), second.path("workerId").asText());
    assertNotEquals("500", log(second).getFirst());
    assertNotEquals(second.path("workerId").asText(), third.path("workerId").asText());
    String limits = hodei.gone(first.path("workerId").asText()).toString();
    assertTrue(limits.contains("Expected the agent's limits") && limits.contains("Max open files 500 500"), limits);
    String priority = hodei.gone(second.path("workerId").asText()).toString();
    assertTrue(priority.contains("Expected the agent's priority") && priority.contains("nice 19"), priority);
  }

  @Test
  void whoeverDestroysABusyWorkerLetsItsJobEndInItsGrace() throws IOException {
    Path given = Files.createDirectory(hodei.work().resolve("taken"));
    Files.setPosixFilePermissions(given, PosixFilePermissions.fromString("rwxrwxrwx"));
    hodei.work().toFile().setExecutable(true, false);
    hodei.work().getParent().toFile().setExecutable(true, false);
    hodei.put("/v1/pools/polite", pool("polite", 1, "\"policy\":{\"gracefulTermination\":\"20s\"},\"allow\":{\"docker\":{\"hostPaths\":{\"" + given + "\":\"rw\"}}}")).is(200);
    String job = hodei.submit(Jobs.command("\"pool\":\"polite\",\"image\":\"" + lowering + "\",\"providerConfig\":{\"docker\":{\"mounts\":[{\"host\":\"" + given
        + "\",\"target\":\"/given\",\"readOnly\":false}]}}", "sh", "-c", "trap 'sleep 2; echo saved >>/given/saved; exit 0' TERM; echo >/given/up; while :; do sleep 0.1; done"));
    String worker = hodei.inState(job, "RUNNING").path("workerId").asText();
    Await.whenTrue("its trap is set", Duration.ofSeconds(30), () -> Files.exists(given.resolve("up")));

    long start = System.nanoTime();
    hodei.cli("workers", "destroy", worker).exits(0);
    JsonNode gone = hodei.gone(worker);

    assertEquals("MANUAL", gone.path("terminationReason").asText(), gone.toPrettyString());
    assertEquals("saved\n", Files.readString(given.resolve("saved")));
    assertTrue(Duration.ofNanos(System.nanoTime() - start).compareTo(Duration.ofSeconds(15)) < 0, "it waited for its whole grace");
    assertEquals("WORKER_LOST", hodei.ended(job).path("reason").asText());
  }
}
