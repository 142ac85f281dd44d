package io.hodei.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.hodei.testkit.Await;
import io.hodei.testkit.Containers;
import io.hodei.testkit.Installation;
import io.hodei.testkit.Ran;
import io.hodei.testkit.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Jobs in containers of a real engine, in images that have nothing of ours.
@EnabledIf("io.hodei.testkit.Containers#areWanted")
@ResourceLock(Shared.DOCKER)
// proves: promise:3, promise:4, seed:reasons, contract:provider-choice
class DockerST {
  private static Installation hodei;
  private static String tools;

  @BeforeAll
  static void start() {
    tools = Containers.tools("hodei-st/tools:1", "ENV COLOUR=blue", "ENV LD_PRELOAD=/nowhere.so");
    hodei = Shared.docker();
    hodei.put("/v1/pools/hasty", "{\"providers\":[\"docker\"],\"template\":{\"image\":\"" + tools + "\"},\"policy\":{\"gracefulTermination\":\"1s\"}}").is(200);
  }

  @AfterAll
  static void nothingIsLeft() {
    String id = hodei.id();
    Await.until("nothing of ours on the engine", Duration.ofSeconds(30), () -> Containers.of(id).isEmpty() ? id : null);
  }

  private static String in(String image, String more, String... command) {
    return Jobs.command("\"image\":\"" + image + "\"" + (more.isEmpty() ? "" : "," + more), command);
  }

  private static JsonNode ran(String request) {
    return hodei.ended(hodei.submit(request));
  }

  private static String log(JsonNode job) {
    return hodei.get("/v1/jobs/" + job.path("id").asText() + "/logs?format=text").is(200).body();
  }

  private static String workerOf(String job) {
    return hodei.inState(job, "RUNNING").path("workerId").asText();
  }

  // proves: seed:scenario-hello
  @Test
  void helloLeavesNothing() {
    JsonNode job = ran(in(tools, "", "sh", "-c", "echo hello"));
    String worker = job.path("workerId").asText();
    JsonNode gone = hodei.gone(worker);
    assertFalse(Containers.of(hodei.id()).contains("hodei-" + worker));
    assertEquals(List.of("hello"), log(job).lines().filter(line -> !line.contains("ld.so")).toList());
    long ms = gone.path("finishedToDestroyedMs").asLong();
    System.out.println("hello's end to container gone: " + ms + " ms");
    assertTrue(gone.path("destroyedBy").asText().equals("immediate") && ms < 5 * 2_000, gone.toPrettyString());
  }

  @Test
  void aJobInAnImageWithoutJavaHasItsOwnOutputAndExitCode() {
    Ran ran = hodei.cli("run", "--image", tools, "--", "sh", "-c", "echo out; echo err >&2; printf part; exit 7");
    ran.exits(7);
    assertEquals("out\npart", ran.out());
    assertTrue(ran.err().contains("err\n"), ran.err());
    // The image is its pool's: it does not run in the caller's directory, which no container sees.
    assertEquals("blue\n", hodei.cli("run", "--pool", "hasty", "--", "sh", "-c", "echo $COLOUR").exits(0).out());
  }

  @Test
  void aJobSeesItsImagesEnvironmentAndNothingOfTheAgents() {
    JsonNode job = ran(in(tools, "\"env\":{\"OWN\":\"1\"}", "sh", "-c",
        "echo $COLOUR $OWN [$LD_PRELOAD] [$LD_LIBRARY_PATH] [$JAVA_TOOL_OPTIONS] $HODEI_WORKER_ID; pwd; echo >here"));
    assertEquals("SUCCEEDED", job.path("state").asText(), job.toPrettyString());
    List<String> lines = log(job).lines().filter(line -> !line.contains("ld.so")).toList();
    assertEquals(List.of("blue 1 [/nowhere.so] [] [] " + job.path("workerId").asText(), "/hodei/work/scratch/work"), lines);
  }

  @Test
  void theWholeEnvironmentOfAJobIsItsImagesItsOwnAndThatOfTheContract() {
    JsonNode job = ran(in(tools, "\"env\":{\"OWN\":\"1\"}", "env"));
    assertEquals("SUCCEEDED", job.path("state").asText(), job.toPrettyString());
    assertEquals(List.of("COLOUR=blue", "HODEI_ATTEMPT=1", "HODEI_INSTALLATION_ID=" + hodei.id(), "HODEI_JOB_ID=" + job.path("id").asText(),
            "HODEI_WORKER_ID=" + job.path("workerId").asText(), "HOME=/hodei/work/scratch", "LANG=C.UTF-8", "LD_PRELOAD=/nowhere.so", "OWN=1",
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TMPDIR=/hodei/work/scratch/tmp"),
        log(job).lines().filter(line -> !line.contains("ld.so")).sorted().toList());
  }

  @Test
  void fromInsideThereIsNoTokenNoRootAndNoWayOut() {
    JsonNode job = ran(in(tools, "", "sh", "-c", "id -u; ls -A /hodei/work/conf; "
        + "for f in /proc/1/mem /proc/1/environ /proc/1/maps; do head -c 1 $f >/dev/null 2>&1 && echo $f is open; done; "
        + "touch /x 2>/dev/null && echo root is writable; touch /hodei/agent/x 2>/dev/null && echo agent is writable; "
        + "ls /var/run/docker.sock 2>/dev/null; while read a b; do case $a in CapEff:|NoNewPrivs:) echo $a $b;; esac; done </proc/self/status"));
    assertEquals(List.of("65532", "CapEff: 0000000000000000", "NoNewPrivs: 1"), log(job).lines().filter(line -> !line.contains("ld.so")).toList());
  }

  // proves: contract:infra-labels, invariant:I11
  @Test
  void aRunningContainerSaysWhoseItIsAndTellsNoToken() {
    String job = hodei.submit(in(tools, "", "sleep", "1000"));
    String worker = workerOf(job);
    String labels = "{{index .Config.Labels \"hodei.io/%s\"}}";
    assertEquals("true " + hodei.id() + " " + worker + " default", Containers.docker("inspect", "--format", String.join(" ", labels.formatted("managed"),
        labels.formatted("installation"), labels.formatted("worker-id"), labels.formatted("pool")), "hodei-" + worker).exits(0).out().strip());
    String inspected = Containers.docker("inspect", "hodei-" + worker).exits(0).out();
    assertFalse(inspected.toLowerCase(java.util.Locale.ROOT).contains("token"), inspected);
    hodei.post("/v1/jobs/" + job + "/cancel", "{}").is(202);
    hodei.ended(job);
  }

  // proves: lie:2
  @Test
  void aCancelledJobsContainerIsGone() {
    String job = hodei.submit(Jobs.command("\"pool\":\"hasty\"", "sh", "-c", "trap '' TERM; while :; do sleep 0.1; done"));
    String worker = workerOf(job);
    hodei.post("/v1/jobs/" + job + "/cancel", "{}").is(202);
    assertEquals("CANCELLED", Await.until("the end", Duration.ofSeconds(60), () -> {
      JsonNode found = hodei.get("/v1/jobs/" + job).is(200).json();
      return found.path("state").asText().equals("RUNNING") ? null : found;
    }).path("state").asText());
    hodei.gone(worker);
    assertFalse(Containers.of(hodei.id()).contains("hodei-" + worker));
  }

  @Test
  void aJobBeyondItsTimeoutIsEnded() {
    JsonNode job = ran(in(tools, "\"timeout\":\"1s\"", "sleep", "1000"));
    assertEquals("TIMEOUT", job.path("state").asText());
    assertEquals("TIMEOUT", job.path("reason").asText());
  }

  @Test
  void aMemoryHogIsOomKilledAndSaysWhatToDo() {
    JsonNode job = ran(in(tools, "\"resources\":{\"memory\":\"16Mi\"}", "sh", "-c", "echo begun; head -c 2000m /dev/zero | tail"));
    assertEquals("FAILED OOM_KILLED", job.path("state").asText() + " " + job.path("reason").asText(), job.toPrettyString());
    assertTrue(job.path("suggestedAction").asText().contains("--memory"), job.toPrettyString());
    assertEquals("begun\n", log(job).lines().filter(line -> line.equals("begun")).findFirst().orElse("") + "\n");
  }

  @Test
  void aForkBombEndsWithItsJobAlone() {
    String bomb = hodei.submit(Jobs.command("\"pool\":\"hasty\",\"timeout\":\"4s\"", "sh", "-c", "b() { b | b & }; b; sleep 1000"));
    hodei.inState(bomb, "RUNNING");
    JsonNode neighbour = ran(in(tools, "", "sh", "-c", "exit 0"));
    assertEquals("SUCCEEDED", neighbour.path("state").asText(), neighbour.toPrettyString());
    JsonNode ended = hodei.ended(bomb);
    assertTrue(List.of("FAILED", "TIMEOUT").contains(ended.path("state").asText()), ended.toPrettyString());
    hodei.gone(ended.path("workerId").asText());
  }

  @Test
  void aMissingImageIsAnImageErrorThatSaysWhatToDo() {
    Ran ran = hodei.cli("run", "--image", "hodei-st/never:1", "--", "true");
    ran.exits(125);
    JsonNode job = ran(in("hodei-st/never:1", "", "true"));
    assertEquals("FAILED IMAGE_ERROR", job.path("state").asText() + " " + job.path("reason").asText());
    assertTrue(job.path("message").asText().contains("hodei-st/never:1"), job.toPrettyString());
    assertTrue(job.path("suggestedAction").asText().contains("docker pull"), job.toPrettyString());
  }

  @Test
  void anImageWithoutAShellRunsItsProgramsAndSaysThatItHasNone() {
    String bare = Containers.image("hodei-st/bare:1", List.of("/usr/bin/true", "/usr/bin/id"));
    hodei.cli("run", "--image", bare, "--", "/usr/bin/id", "-u").exits(0);
    Ran shell = hodei.cli("run", "--image", bare, "--", "sh", "-c", "true");
    shell.exits(127);
    JsonNode script = ran("{\"image\":\"" + bare + "\",\"script\":\"true\"}");
    assertEquals("FAILED START_FAILED", script.path("state").asText() + " " + script.path("reason").asText());
    assertTrue(script.path("message").asText().contains("/bin/sh"), script.toPrettyString());
  }

  /// One static program, and nothing else: no shell, no C library, no directory but its own. Every engine brings this one.
  @Test
  void anImageWithoutACLibraryRunsItsProgram() {
    String program = Stream.of("/usr/bin/docker-init", "/usr/libexec/docker/docker-init").filter(path -> Files.exists(Path.of(path))).findFirst().orElseThrow();
    assertEquals(List.of(), Containers.linked(program), program + " is not static");
    String image = Containers.image("hodei-st/static:1", List.of(program));
    assertTrue(hodei.cli("run", "--image", image, "--", program, "--version").exits(0).out().startsWith("tini version"));
  }

  @Test
  void whatThePoolCannotHonourIsRefusedByName() {
    assertTrue(hodei.post("/v1/jobs", Jobs.sh("true")).is(422).body().contains("image"));
    String refused = hodei.post("/v1/jobs", in(tools, "\"providerConfig\":{\"docker\":{\"privileged\":true}}", "true")).is(422).body();
    assertTrue(refused.contains("not-allowed") && refused.contains("providerConfig.docker.privileged") && refused.contains("privileged: true"), refused);
    assertTrue(hodei.post("/v1/jobs", in(tools, "\"providerConfig\":{\"docker\":{\"devices\":[]}}", "true")).is(422).body().contains("not-built"));
    hodei.put("/v1/pools/plain", "{\"providers\":[\"process\"]}").is(200);
    assertTrue(hodei.post("/v1/jobs", in(tools, "\"pool\":\"plain\"", "true")).is(422).body().contains("image"));
    assertEquals("SUCCEEDED", ran(Jobs.command("\"pool\":\"plain\"", "true")).path("state").asText());
  }

  @Test
  void aPoolsTemplateGivesTheImageAndTheLimits() {
    hodei.put("/v1/pools/boxes", "{\"providers\":[\"docker\"],\"template\":{\"image\":\"" + tools + "\",\"resources\":{\"cpu\":\"500m\",\"memory\":\"64Mi\"}}}").is(200);
    String job = hodei.submit(Jobs.command("\"pool\":\"boxes\"", "sleep", "1000"));
    String worker = workerOf(job);
    assertEquals("500000000 " + ((64L << 20) + (128L << 20)),
        Containers.docker("inspect", "--format", "{{.HostConfig.NanoCpus}} {{.HostConfig.Memory}}", "hodei-" + worker).exits(0).out().strip());
    hodei.post("/v1/jobs/" + job + "/cancel", "{}").is(202);
    hodei.ended(job);
  }

  @Test
  void aKilledContainerIsNoticedAndItsJobTriedAgain() {
    String job = hodei.submit(in(tools, "\"retry\":{\"maxAttempts\":2,\"backoff\":\"0s\"}", "sh", "-c", "[ $HODEI_ATTEMPT = 2 ] || sleep 1000"));
    String worker = workerOf(job);
    Instant killed = Instant.now();
    Containers.docker("kill", "hodei-" + worker).exits(0);
    JsonNode ended = hodei.ended(job);
    assertEquals("SUCCEEDED 2", ended.path("state").asText() + " " + ended.path("attempt").asInt(), ended.toPrettyString());
    Instant gone = Instant.parse(hodei.worker(worker).path("terminatedAt").asText());
    long ms = Duration.between(killed, gone).toMillis();
    System.out.println("docker kill to container gone: " + ms + " ms");
    assertTrue(ms < 5 * 2_000, "noticed late: " + ms + " ms");
  }

  // proves: seed:scenario-removed-by-hand
  @Test
  void aContainerThatAPersonRemovesIsNoticedAndReported() {
    String job = hodei.submit(in(tools, "", "sleep", "1000"));
    String worker = workerOf(job);
    long removed = System.nanoTime();
    Containers.docker("rm", "-f", "hodei-" + worker).exits(0);
    JsonNode ended = hodei.ended(job);
    long ms = (System.nanoTime() - removed) / 1_000_000;
    System.out.println("docker rm -f to the end of the job: " + ms + " ms");
    assertEquals("FAILED WORKER_LOST", ended.path("state").asText() + " " + ended.path("reason").asText(), ended.toPrettyString());
    assertTrue(ms < 5 * 2_000, "noticed late: " + ms + " ms");
    assertEquals("LOST self", hodei.gone(worker).path("terminationReason").asText() + " " + hodei.worker(worker).path("destroyedBy").asText());
    assertTrue(Topics.of(hodei).events("hodei.worker-events").stream().anyMatch(event -> event.is("WorkerLost") && worker.equals(event.worker())));
  }

  @Test
  void aKeptContainerGoesAtItsTime() {
    hodei.put("/v1/pools/kept", "{\"providers\":[\"docker\"],\"template\":{\"image\":\"" + tools + "\"},\"policy\":{\"keepOnFailure\":true,\"ttlAfterCompletion\":\"4s\"}}")
        .is(200);
    JsonNode job = ran(Jobs.command("\"pool\":\"kept\"", "sh", "-c", "echo evidence >file; exit 1"));
    String name = "hodei-" + job.path("workerId").asText();
    assertEquals("evidence", Containers.docker("cp", name + ":/hodei/work/scratch/work/file", "-").exits(0).out().lines()
        .filter(line -> line.contains("evidence")).map(line -> line.replaceAll(".*(evidence).*", "$1")).findFirst().orElse("nothing"));
    Await.until("the kept container to go", Duration.ofSeconds(30), () -> Containers.of(hodei.id()).contains(name) ? null : name);
  }

  // proves: lie:1, lie:3, seed:orphan-detection
  @Test
  void aStrayOfOursGoesAndABusyOneAndOneOfAnotherInstallationStay() {
    String busy = hodei.submit(in(tools, "", "sleep", "1000"));
    hodei.inState(busy, "RUNNING");
    String ours = stray("st-stray", hodei.id());
    String theirs = stray("st-foreign", "another");
    try {
      Await.until("the stray to go", Duration.ofSeconds(60), () -> Containers.docker("inspect", ours).exit() != 0 ? ours : null);
      Containers.docker("inspect", theirs).exits(0);
      assertEquals("RUNNING", hodei.get("/v1/jobs/" + busy).is(200).json().path("state").asText());
    } finally {
      Containers.docker("rm", "-f", ours);
      Containers.docker("rm", "-f", theirs);
      hodei.post("/v1/jobs/" + busy + "/cancel", "{}").is(202);
    }
  }

  private static String stray(String worker, String installation) {
    String name = worker + "-of-" + installation;
    Containers.docker("run", "-d", "--network", "none", "--name", name, "--label", "hodei.io/managed=true", "--label", "hodei.io/installation=" + installation,
        "--label", "hodei.io/worker-id=" + worker, "--label", "hodei.io/pool=default", tools, "sleep", "1000").exits(0);
    return name;
  }

  @Test
  void bytesArriveAsTheyAre() {
    Ran ran = hodei.cli("run", "--image", tools, "--", "sh", "-c", "printf '\\303\\244\\000\\377'");
    ran.exits(0);
    assertEquals("[-61, -92, 0, -1]", java.util.Arrays.toString(ran.stdout()));
    assertEquals("ä", new String(ran.stdout(), 0, 2, StandardCharsets.UTF_8));
  }
}
