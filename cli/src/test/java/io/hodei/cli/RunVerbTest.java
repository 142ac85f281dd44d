package io.hodei.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `hodei run` passes on a job's bytes and its exit code, and adds nothing.
class RunVerbTest {
  @TempDir
  Path home;

  private StandIn server;

  @BeforeEach
  void start() throws IOException {
    server = new StandIn();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Typed hodei() {
    return new Typed(home, server.url());
  }

  @Test
  void bytesOfBothStreamsComeThroughAsTheyWere() throws IOException {
    Random random = new Random(11);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    for (int i = 0; i < 300; i++) {
      byte[] content = new byte[random.nextInt(2000)];
      random.nextBytes(content);
      boolean partial = random.nextBoolean();
      boolean stderr = random.nextBoolean();
      server.line(1, stderr ? "stderr" : "stdout", content, partial);
      (stderr ? err : out).writeBytes(content);
      if (!partial) {
        (stderr ? err : out).write('\n');
      }
    }
    Typed ran = hodei().type("run", "--", "x");
    assertEquals(0, ran.code, () -> ran.err().substring(Math.max(0, ran.err().length() - 300)));
    assertArrayEquals(out.toByteArray(), ran.out.toByteArray());
    assertArrayEquals(err.toByteArray(), ran.err.toByteArray());
  }

  @Test
  void textAndItsControlCharactersComeThrough() {
    server.line("stdout", "grün\r\t\u0000 \"quoted\" \\ \uD83D\uDE00");
    server.line("stdout", "");
    server.line(1, "stdout", "no end".getBytes(StandardCharsets.UTF_8), true);
    assertEquals("grün\r\t\u0000 \"quoted\" \\ \uD83D\uDE00\n\nno end", hodei().type("run", "--", "x").out());
  }

  @Test
  void aHundredMegabytesPass() {
    byte[] block = new byte[64 * 1024];
    new Random(3).nextBytes(block);
    server.line(1, "stdout", block, true);
    String first = server.log.getFirst();
    List<String> more = new ArrayList<>();
    for (int i = 2; i <= 1600; i++) {
      more.add("{\"seq\":" + i + first.substring("{\"seq\":1".length()));
    }
    server.log.addAll(more);
    long[] count = {0};
    Typed typed = hodei();
    typed.stdout = new OutputStream() {
      @Override
      public void write(int b) {
        count[0]++;
      }

      @Override
      public void write(byte[] bytes, int offset, int length) {
        count[0] += length;
      }
    };
    long start = System.nanoTime();
    assertEquals(0, typed.type("run", "--", "x").code);
    System.out.println("100 MB of binary passed in " + (System.nanoTime() - start) / 1_000_000 + " ms");
    assertEquals(1600L * block.length, count[0]);
  }

  @ParameterizedTest
  @CsvSource(nullValues = "-", value = {
      "SUCCEEDED, EXIT_CODE, 0, -, 0", "FAILED, EXIT_CODE, 3, -, 3", "FAILED, EXIT_CODE, 255, -, 255", "FAILED, SIGNAL, -, 9, 137",
      "FAILED, SIGNAL, 137, 9, 137", "FAILED, OOM_KILLED, -, 9, 137", "FAILED, START_FAILED, 127, -, 127", "FAILED, START_FAILED, 126, -, 126",
      "FAILED, START_FAILED, -, -, 125", "TIMEOUT, TIMEOUT, -, 9, 124", "TIMEOUT, QUEUE_TIMEOUT, -, -, 124", "CANCELLED, CANCELLED, -, 15, 130",
      "FAILED, WORKER_LOST, -, -, 125", "FAILED, PROVISION_FAILED, -, -, 125", "FAILED, REFUSED, 0, -, 125", "FAILED, EXIT_CODE, 2, -, 2"})
  void theExitCodeIsTheJobs(String state, String reason, Integer exitCode, Integer signal, int expected) {
    server.job.put("state", state).put("reason", reason).put("exitCode", exitCode).put("signal", signal);
    assertEquals(expected, hodei().type("run", "--", "x").code);
  }

  @Test
  void nothingOfItsOwnIsWrittenWhenStderrIsNoTerminal() {
    server.line("stdout", "out");
    server.line("stderr", "err");
    server.job.put("state", "FAILED").put("reason", "EXIT_CODE").put("exitCode", 3);
    Typed ran = hodei().type("run", "--", "x");
    assertEquals("out\n", ran.out());
    assertEquals("err\n", ran.err());
  }

  @Test
  void aTerminalIsToldHowItWent() {
    server.line(1, "stdout", "unfinished".getBytes(StandardCharsets.UTF_8), true);
    server.job.put("state", "FAILED").put("reason", "EXIT_CODE").put("exitCode", 3);
    server.on("GET /v1/workers/w-1", asked -> new StandIn.Reply(200, "{\"id\":\"w-1\",\"finishedToDestroyedMs\":85}"));
    Typed typed = hodei();
    typed.errTerminal = true;
    assertEquals("\nFAILED exit 3 · 0.4 s · worker gone in 85 ms\n", typed.type("run", "--", "x").err());
  }

  @Test
  void aTerminalIsToldTheWaitUntilTheJobSpeaks() {
    AtomicInteger looks = new AtomicInteger();
    server.on("GET /v1/jobs/" + StandIn.ID + "/why", asked -> new StandIn.Reply(200,
        looks.incrementAndGet() < 2 ? "{\"state\":\"PENDING\",\"queuePosition\":3}" : "{\"state\":\"RUNNING\"}"));
    server.beforeEnd = () -> Patience.pause(1_500);
    Typed typed = hodei();
    typed.errTerminal = true;
    String err = typed.type("run", "--", "x").err();
    assertTrue(err.startsWith("queued, position 3\nrunning\nSUCCEEDED · 0.4 s"), err);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "7", "0,0,3", "9,1"})
  void aCutConnectionIsResumedWhereItWasCut(String cuts) {
    for (String cut : cuts.split(",")) {
      server.cuts.add(Integer.valueOf(cut));
    }
    StringBuilder expected = new StringBuilder();
    for (int attempt = 1; attempt <= 2; attempt++) {
      for (int i = 1; i <= 6; i++) {
        server.line(attempt, "stdout", ("attempt " + attempt + " line " + i).getBytes(StandardCharsets.UTF_8), false);
        expected.append("attempt ").append(attempt).append(" line ").append(i).append('\n');
      }
    }
    Typed ran = hodei().type("run", "--", "x");
    assertEquals(expected.toString(), ran.out());
    assertEquals("", ran.err());
    assertEquals(0, ran.code);
  }

  @Test
  void aRestartOfTheServerIsSurvived() {
    server.line("stdout", "before");
    server.cuts.add(1);
    server.line("stdout", "after");
    AtomicInteger starts = new AtomicInteger();
    Thread restart = Thread.startVirtualThread(() -> {
      while (server.asked("GET", "/v1/jobs/" + StandIn.ID + "/logs").isEmpty()) {
        Thread.onSpinWait();
      }
      server.stop();
      Patience.pause(700);
      try {
        server.start();
        starts.incrementAndGet();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    });
    Typed ran = hodei().type("run", "--", "x");
    assertEquals("before\nafter\n", ran.out());
    assertEquals(0, ran.code, ran.err());
    assertFalse(restart.isAlive());
    assertEquals(1, starts.get());
  }

  @Test
  void aLostAnswerIsAskedForAgainWithTheSameKey() {
    AtomicInteger calls = new AtomicInteger();
    server.on("POST /v1/jobs", asked -> switch (calls.incrementAndGet()) {
      case 1 -> new StandIn.Reply(503, "{\"type\":\"urn:hodei:problem:outcome-unknown\",\"detail\":\"unknown\"}");
      case 2 -> new StandIn.Reply(0, "");
      default -> new StandIn.Reply(202, server.job.toString());
    });
    assertEquals(0, hodei().type("run", "--", "x").code);
    var keys = server.asked("POST", "/v1/jobs").stream().map(each -> each.header("Idempotency-Key")).distinct().toList();
    assertEquals(1, keys.size(), keys.toString());
    assertTrue(keys.getFirst().length() >= 32, keys.toString());
  }

  @Test
  void anIncompleteLogOfALostJobIsTold() {
    server.job.put("state", "FAILED").put("reason", "WORKER_LOST").putNull("exitCode").put("message", "Its worker is gone.");
    server.end = "{\"end\":true,\"lines\":7,\"complete\":false,\"missing\":[[3,4],[6,7]]}";
    Typed ran = hodei().type("run", "--", "x");
    assertEquals(125, ran.code);
    assertEquals("WORKER_LOST: Its worker is gone.\nWarning: the log of job " + StandIn.ID + " is incomplete; missing lines: 3-4, 6-7\n", ran.err());
  }

  @Test
  void detachPrintsTheId() throws IOException {
    Typed ran = hodei().type("run", "--detach", "--", "x");
    assertEquals(StandIn.ID + "\n", ran.out());
    assertTrue(server.asked("GET", "/v1/jobs/" + StandIn.ID + "/logs").isEmpty());
    assertEquals(StandIn.ID + "\n", Files.readString(home.resolve(".local/state/hodei/last-job")));
  }

  @Test
  void theRequestSaysWhatTheOptionsSay() throws IOException {
    Typed typed = hodei();
    typed.environment.put("FROM_HERE", "a=b");
    typed.type("run", "--pool", "p", "--image", "i", "--env", "A=1=2", "--env", "FROM_HERE", "--env", "EMPTY=", "--secret", "S", "--timeout=10m", "--queue-timeout", "1h",
        "--cpu", "500m", "--memory", "256Mi", "--gpu", "1", "--max-attempts", "3", "--backoff", "2s", "--priority", "-5", "--label", "k=v=w", "--workdir", "/w",
        "--name", "n", "--tenant", "t", "--id", "mine", "--correlation-id", "c", "--", "sh", "-c", "echo -- \"$@\"", "--pool", "", "@x", "--");
    assertEquals(0, typed.code, typed.err());
    StandIn.Asked asked = server.asked("POST", "/v1/jobs").getFirst();
    JsonNode expected = Json.MAPPER.readTree("""
        {"command":["sh","-c","echo -- \\"$@\\"","--pool","","@x","--"],"pool":"p","image":"i","timeout":"10m","name":"n","tenant":"t","id":"mine",
        "queueTimeout":"1h","correlationId":"c","workdir":"/w","priority":-5,"env":{"A":"1=2","FROM_HERE":"a=b","EMPTY":""},"labels":{"k":"v=w"},
        "secrets":["S"],"resources":{"cpu":"500m","memory":"256Mi","gpu":1},"retry":{"maxAttempts":3,"backoff":"2s"}}""");
    assertEquals(Json.MAPPER.readTree(expected.toString()), Json.MAPPER.readTree(asked.body()));
    assertEquals("", asked.header("Idempotency-Key"), "an id of the caller's makes repetition safe");
  }

  @ParameterizedTest
  @CsvSource({"'[\"process\"]',true", "'[\"docker\"]',false", "'[\"docker\",\"kubernetes\"]',false"})
  void onThisMachineAJobRunsInTheCallersDirectoryUnlessItsPoolIsOfContainers(String providers, boolean here) throws IOException {
    Path data = Files.createDirectories(home.resolve(".hodei/run")).getParent();
    Files.writeString(data.resolve("hodei-data.json"), "{}");
    String stat = Files.readString(Path.of("/proc/self/stat"));
    Files.writeString(data.resolve("run/job-api.json"), "{\"url\":\"" + server.url() + "\",\"pid\":" + ProcessHandle.current().pid()
        + ",\"startTicks\":\"" + stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19] + "\"}");
    server.on("GET /v1/pools/p", asked -> new StandIn.Reply(200, "{\"name\":\"p\",\"providers\":" + providers + "}"));
    assertEquals(0, hodei().type("run", "--pool", "p", "--", "x").code);
    assertEquals(here ? home.toString() : "", Json.MAPPER.readTree(server.asked("POST", "/v1/jobs").getFirst().body()).path("workdir").asText());
    Typed relative = hodei().type("run", "--pool", "p", "--workdir", "sub", "--", "x");
    assertEquals(here ? 0 : 2, relative.code, relative.err());
    assertEquals(0, hodei().type("run", "--pool", "p", "--workdir", home.resolve("sub").toString(), "--", "x").code);
    assertEquals(home.resolve("sub").toString(), Json.MAPPER.readTree(server.asked("POST", "/v1/jobs").getLast().body()).path("workdir").asText());
  }

  @Test
  void wrongUsageIsRefusedBeforeAnythingIsAsked() {
    for (String[] words : new String[][] {{"run"}, {"run", "--"}, {"run", "--pool", "p"}, {"run", "--workdir", "rel", "--", "x"}, {"run", "--env", "UNSET_HERE", "--", "x"},
        {"run", "--priority", "high", "--", "x"}, {"run", "-o", "json", "--", "x"}, {"run", "--label", "nolabel", "--", "x"}}) {
      Typed ran = hodei().type(words);
      assertEquals(2, ran.code, String.join(" ", words));
      assertTrue(ran.err().startsWith("Error: Expected ") && ran.err().contains("found") || ran.err().contains("not set"), ran.err());
    }
    assertEquals(0, server.asked.size());
  }

  @Test
  void aRefusedRequestNamesTheField() {
    server.on("POST /v1/jobs", asked -> new StandIn.Reply(422, "{\"type\":\"urn:hodei:problem:invalid\",\"detail\":\"Expected valid requests\","
        + "\"errors\":[{\"index\":0,\"field\":\"timeout\",\"message\":\"Expected a duration.\"}]}"));
    Typed ran = hodei().type("run", "--timeout", "soon", "--", "x");
    assertEquals("Error: Expected valid requests (invalid)\n  job 0: timeout: Expected a duration.\n", ran.err());
    assertEquals(2, ran.code);
  }

  @Test
  void withoutAServerItSaysWhatToDo() {
    String url = server.url();
    server.stop();
    Typed ran = new Typed(home, url).type("run", "--", "x");
    assertEquals("Error: no Hodei at " + url + "; start it, or correct HODEI_URL\n", ran.err());
    assertEquals(125, ran.code);
    Typed none = new Typed(home, "");
    none.environment.clear();
    none.type("jobs");
    assertEquals("Error: no Hodei at " + home.resolve(".hodei") + "; start one: ./hodei up\n", none.err());
    assertEquals(1, none.code);
  }

  @Test
  void aJobWhoseOutputNobodyReadsIsCancelled() {
    server.line("stdout", "y");
    Typed typed = hodei();
    typed.stdout = new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException("Broken pipe");
      }
    };
    assertEquals(141, typed.type("run", "--", "yes").code);
    assertEquals(1, server.asked("POST", "/v1/jobs/" + StandIn.ID + "/cancel").size());
  }
}
