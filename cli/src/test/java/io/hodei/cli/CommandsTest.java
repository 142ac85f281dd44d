package io.hodei.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The commands that ask and show.
class CommandsTest {
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

  private Typed hodei(String... words) {
    return new Typed(home, server.url()).type(words);
  }

  private void answers(String call, String body) {
    server.on(call, asked -> new StandIn.Reply(200, body));
  }

  @Test
  void jobsAreListedInColumns() {
    ObjectNode other = server.job.deepCopy().put("id", "x").put("state", "RUNNING").putNull("exitCode").putNull("finishedAt");
    other.putArray("command").add("printf").add("two\nlines \u001B[31m");
    answers("GET /v1/jobs", "{\"items\":[" + server.job + "," + other + "],\"nextCursor\":\"abc\"}");
    Typed listed = hodei("jobs", "--state", "RUNNING", "--label", "a=b", "--label", "c=d&e");
    String[] lines = listed.out().split("\n");
    assertEquals(3, lines.length, listed.out());
    assertEquals(lines[0].indexOf("STATE"), lines[1].indexOf("SUCCEEDED"));
    assertEquals(lines[0].indexOf("STATE"), lines[2].indexOf("RUNNING"));
    assertTrue(lines[2].endsWith("printf two lines  [31m"), lines[2]);
    assertEquals("state=RUNNING&label=a=b&label=c=d&e", server.asked("GET", "/v1/jobs").getFirst().query());
    assertTrue(listed.err().contains("--cursor abc"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"jobs list", "workers list", "dlq list", "audit"})
  void aLimitThatNoServerTakesIsWrongUsageWithoutOne(String verb) {
    for (String limit : new String[] {"0", "-1", "1001"}) {
      Typed asked = new Typed(home, null).type((verb + " --limit=" + limit).split(" "));
      assertEquals(2, asked.code, asked.err());
      assertEquals("Error: Expected a whole number from 1 to 1000 for --limit, but found \"" + limit + "\"\n", asked.err());
    }
  }

  @Test
  void aPoolWhoseProviderNobodyOffersIsAppliedWithAWarning() throws IOException {
    answers("PUT /v1/pools/boxes", "{\"name\":\"boxes\",\"providers\":[\"docker\"],\"providersAvailable\":[],\"generation\":1}");
    Files.writeString(home.resolve("pool.json"), "{\"name\":\"boxes\",\"providers\":[\"docker\"]}");
    Typed applied = hodei("pools", "apply", "-f", home.resolve("pool.json").toString());
    assertEquals(0, applied.code, applied.err());
    assertEquals("pool boxes is at generation 1\n", applied.out());
    assertEquals("Warning: expected a lifecycle-service with a provider of pool boxes (docker), but none is there now; its jobs wait until one is.\n", applied.err());
  }

  @Test
  void programsGetTheServersJsonAsItIs() {
    answers("GET /v1/jobs", "{\"items\":[],  \"nextCursor\":null}");
    assertEquals("{\"items\":[],  \"nextCursor\":null}\n", hodei("jobs", "-o", "json").out());
    assertEquals("no jobs\n", hodei("jobs").out());
    assertEquals(2, hodei("jobs", "-o", "yaml").code);
  }

  @Test
  void coloursAreForTerminalsOnly() {
    assertFalse(hodei("jobs").out().contains("\u001B"));
    Typed typed = new Typed(home, server.url());
    typed.outTerminal = true;
    assertTrue(typed.type("jobs").out().contains("\u001B[32mSUCCEEDED\u001B[0m"));
    Typed plain = new Typed(home, server.url());
    plain.outTerminal = true;
    plain.environment.put("NO_COLOR", "1");
    assertFalse(plain.type("jobs").out().contains("\u001B"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"get", "wait", "cancel", "logs", "events", "why", "retry"})
  void everyVerbIsThereWithAndWithoutJobs(String verb) {
    answers("GET /v1/jobs/" + StandIn.ID + "/events", "{\"items\":[{\"occurredAt\":\"2026-11-21T04:00:00.000Z\",\"type\":\"JobQueued\"}]}");
    Typed one = hodei(verb, StandIn.ID);
    Typed two = hodei("jobs", verb, StandIn.ID);
    assertEquals(0, one.code, one.err());
    assertEquals(one.out(), two.out());
    assertEquals("", one.err());
  }

  @Test
  void anIdMayBeItsBeginningOrTheLast() {
    server.on("GET /v1/jobs/019a", asked -> new StandIn.Reply(404, "{}"));
    assertEquals(0, hodei("get", "019a").code);
    hodei("run", "--detach", "--", "x");
    assertEquals(0, hodei("get", "@last").code);
    server.on("GET /v1/jobs/zz", asked -> new StandIn.Reply(404, "{}"));
    Typed none = hodei("get", "zz");
    assertEquals("Error: Expected a job whose id is or begins with \"zz\", but found none; see ./hodei jobs\n", none.err());
    assertEquals(1, none.code);
    answers("GET /v1/jobs", "{\"items\":[{\"id\":\"019a-1\"},{\"id\":\"019a-2\"}]}");
    Typed two = hodei("get", "019a");
    assertTrue(two.err().contains("019a-1 and 019a-2"), two.err());
    assertEquals(2, two.code);
  }

  @Test
  void lastWithoutAJobSaysSo() {
    assertTrue(hodei("get", "@last").err().contains("before @last"));
  }

  @Test
  void anIdIsNoPath() {
    server.on("GET /v1/jobs/../../x y?", asked -> new StandIn.Reply(200, "{\"id\":\"odd\"}"));
    hodei("get", "../../x y?");
    assertEquals("/v1/jobs/../../x y?", server.asked.getFirst().path());
  }

  @Test
  void waitExitsWithTheJobsCode() {
    server.job.put("state", "FAILED").put("reason", "EXIT_CODE").put("exitCode", 7);
    Typed waited = hodei("wait", StandIn.ID);
    assertEquals(StandIn.ID + " FAILED exit 7 · 0.4 s\n", waited.out());
    assertEquals(7, waited.code);
    server.job.put("state", "RUNNING");
    Typed given = hodei("wait", StandIn.ID, "--timeout", "100ms");
    assertEquals(124, given.code);
    assertTrue(given.err().contains("is RUNNING"), given.err());
    assertEquals(2, hodei("wait", StandIn.ID, "--timeout", "soon").code);
  }

  @Test
  void whyIsAParagraph() {
    answers("GET /v1/jobs/" + StandIn.ID + "/why", "{\"state\":\"PENDING\",\"waitingFor\":\"slot\",\"since\":\"2026-01-01T00:00:00.000Z\",\"deadline\":"
        + "\"2026-01-02T00:00:00.000Z\",\"queuePosition\":3,\"ahead\":2,\"message\":\"No free slot.\",\"suggestedAction\":\"Wait.\"}");
    String text = hodei("why", StandIn.ID).out();
    assertTrue(text.startsWith("Job " + StandIn.ID + " is PENDING since ") && text.contains(", waiting for: slot.\nNo free slot.\nPosition in the queue: 3 (2 ahead).\n"
        + "Deadline: 2026-01-02T00:00:00Z, which has passed.\nTo do: Wait.\n"), text);
  }

  @Test
  void logsGiveBothStreamsInOrder() {
    server.line("stdout", "one");
    server.line("stderr", "two");
    server.line("stdout", "three");
    assertEquals("one\ntwo\nthree\n", hodei("logs", StandIn.ID).out());
    assertEquals("one\ntwo\nthree\n", hodei("logs", "-f", StandIn.ID).out());
    hodei("logs", StandIn.ID, "--stream", "stderr", "--search", "a b", "--limit", "5", "--attempt", "2");
    assertEquals("format=json&stream=stderr&attempt=2&limit=5&search=a b", server.asked("GET", "/v1/jobs/" + StandIn.ID + "/logs").getLast().query());
    assertTrue(hodei("logs", StandIn.ID, "-o", "json").out().endsWith("\"missing\":[]}\n"));
  }

  @Test
  void theBoardMarksWhatMeetsItsTarget() {
    answers("GET /v1/cleanup", "{\"destroyed\":{\"immediate\":99,\"gc\":1,\"self\":0,\"manual\":0,\"failed\":2},\"immediateRatio\":0.98999,\"latencyMs\":{\"p50\":40,\"p95\":90,"
        + "\"p99\":1200},\"orphans\":0,\"pendingDestroy\":1,\"destroyedPerMinute\":12,\"lastGcCycle\":{\"at\":\"2026-11-21T04:00:00.000Z\",\"durationMs\":31,\"inventory\":3,"
        + "\"matched\":3,\"cleaned\":0,\"orphans\":0,\"ghosts\":0,\"errors\":0}}");
    assertEquals("""
        Worker Cleanup Health
           destruction latency P50  40 ms
        ✅ destruction latency P95  90 ms  (target ≤ 1000 ms)
           destruction latency P99  1200 ms
        ❌ immediate destructions   98.99 %  (target ≥ 99 %)
        ✅ orphans                  0  (target 0)
        ❌ failed destructions      2  (target 0)
           pending destruction      1
           destroyed per minute     12
           destroyed by cause       immediate 99, gc 1, self 0, manual 0
        ✅ last GC cycle            31 ms at 2026-11-21T04:00:00.000Z: 3 items, 3 matched, 0 cleaned, 0 orphans, 0 ghosts, 0 errors  (target 0 errors)
        """, hodei("cleanup").out());
    answers("GET /v1/cleanup", "{\"destroyed\":{},\"immediateRatio\":null,\"latencyMs\":{\"p50\":null,\"p95\":null,\"p99\":null},\"lastGcCycle\":null}");
    String young = hodei("cleanup").out();
    assertFalse(young.contains("✅") || young.contains("❌"), young);
  }

  @Test
  void workersPoolsAuditAndGc() {
    answers("GET /v1/workers", "{\"items\":[{\"id\":\"w-1\",\"state\":\"BUSY\",\"pool\":\"default\"},{\"id\":\"w-2\",\"state\":\"TERMINATED\"}]}");
    server.on("POST /v1/workers/w-1/destroy", asked -> new StandIn.Reply(202, "{\"id\":\"w-1\",\"state\":\"BUSY\"}"));
    assertTrue(hodei("workers").out().startsWith("ID   STATE"));
    assertEquals("w-1 is being destroyed\n", hodei("workers", "destroy", "w-1").out());
    assertEquals(2, hodei("workers", "destroy", "w-").code);
    answers("GET /v1/workers/stats", "{\"total\":2,\"byState\":{\"BUSY\":1},\"byPool\":{\"default\":2},\"byProvider\":{}}");
    assertTrue(hodei("workers", "stats").out().contains("state  BUSY     1"), hodei("workers", "stats").out());
    answers("GET /v1/pools", "{\"items\":[{\"name\":\"default\",\"providers\":[\"process\"],\"maxWorkers\":32}]}");
    assertTrue(hodei("pools").out().contains("process"));
    answers("GET /v1/audit/events", "{\"items\":[{\"occurredAt\":\"T\",\"type\":\"JobQueued\"}],\"nextCursor\":null}");
    assertTrue(hodei("audit", "--correlation", "c", "--since", "10m").out().contains("JobQueued"));
    assertTrue(server.asked("GET", "/v1/audit/events").getFirst().query().matches("correlationId=c&from=20.*Z"));
    assertEquals(2, hodei("audit", "--since", "yesterday").code);
    server.on("POST /v1/gc/runs", asked -> new StandIn.Reply(200, "{\"durationMs\":5,\"inventory\":1,\"findings\":[{\"kind\":\"ORPHAN\",\"workerId\":\"w-9\",\"detail\":\"unknown\"}]}"));
    assertTrue(hodei("gc", "run").out().contains("ORPHAN   w-9"), hodei("gc", "run").out());
    assertEquals(2, hodei("gc").code);
  }

  // proves: contract:flags
  @Test
  void flagsAreShownAndSet() {
    answers("GET /v1/flags", "{\"hodei.lifecycle.enabled\":true,\"hodei.lifecycle.immediate-cleanup-percent\":100}");
    assertTrue(hodei("flags").out().matches("(?s)FLAG +VALUE *\nhodei.lifecycle.enabled +true *\n.*percent +100 *\n"), hodei("flags").out());
    answers("PUT /v1/flags", "{\"hodei.lifecycle.enabled\":false}");
    assertEquals("{\"hodei.lifecycle.enabled\":false}\n", hodei("flags", "set", "hodei.lifecycle.enabled=false", "hodei.lifecycle.immediate-cleanup-percent=10", "-o", "json").out());
    assertEquals("{\"hodei.lifecycle.enabled\":false,\"hodei.lifecycle.immediate-cleanup-percent\":10}", server.asked("PUT", "/v1/flags").getFirst().body());
    assertEquals("Error: Expected NAME=VALUE, but found \"on\"; the names are those of hodei flags get\n", hodei("flags", "set", "on").err());
    assertEquals(2, hodei("flags", "set").code);
    assertEquals(2, hodei("flags", "set", "a=1", "a=2").code);
  }

  // proves: contract:pools
  @Test
  void poolsAreAppliedFromAFileEachByItsName() throws IOException {
    Path file = Files.writeString(home.resolve("pools.yaml"), "name: a\nmaxWorkers: 2\n---\nname: b\nmaxWorkers: 99999\n");
    answers("PUT /v1/pools/a", "{\"name\":\"a\",\"generation\":3}");
    server.on("PUT /v1/pools/b", asked -> new StandIn.Reply(422, "{\"type\":\"urn:hodei:problem:invalid\",\"detail\":\"Expected less.\"}"));
    Typed applied = hodei("pools", "apply", "-f", file.toString());
    assertEquals("pool a is at generation 3\n", applied.out());
    assertEquals(2, applied.code);
    assertEquals("{\"name\":\"a\",\"maxWorkers\":2}", server.asked("PUT", "/v1/pools/a").getFirst().body());
    assertTrue(hodei("pools", "apply").err().contains("Expected hodei pools apply -f FILE"));
    assertEquals(2, hodei("pools", "apply", "-f", Files.writeString(home.resolve("nameless.yaml"), "maxWorkers: 2\n").toString()).code);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bench x", "audit verify"})
  void whatIsNotBuiltIsRefusedByName(String words) {
    Typed refused = hodei(words.split(" "));
    assertEquals(2, refused.code);
    assertTrue(refused.err().matches("Error: hodei (" + words.split(" ")[0] + "|audit verify) is not built yet\n"), refused.err());
    assertEquals(0, server.asked.size());
  }

  // proves: contract:dlq
  @Test
  void deadLettersAreListedShownReplayedAndDropped() {
    String id = "hodei.job-requests-0-7";
    String letter = "{\"id\":\"" + id + "\",\"topic\":\"hodei.job-requests\",\"partition\":0,\"offset\":7,\"at\":\"2026-11-21T04:00:00.000Z\",\"reason\":\"Expected\\u001b[31m"
        + " JSON." + "x".repeat(200) + "\",\"service\":\"dispatcher\",\"key\":null,\"size\":3,\"text\":\"{x\\n\",\"base64\":null,\"truncated\":false,\"replayable\":true}";
    answers("GET /v1/dead-letters", "{\"items\":[" + letter + "],\"nextCursor\":\"abc\",\"olderOmitted\":true}");
    Typed listed = hodei("dlq", "list", "--topic", "hodei.job-requests", "--limit", "1");
    assertTrue(listed.out().startsWith("ID") && listed.out().contains(id) && listed.out().contains("dispatcher"), listed.out());
    assertFalse(listed.out().contains("\u001B") || listed.out().contains("x".repeat(101)), listed.out());
    assertEquals("more: add --cursor abc\n", listed.err());
    assertEquals("topic=hodei.job-requests&limit=1", server.asked("GET", "/v1/dead-letters").getFirst().query());
    answers("GET /v1/dead-letters", "{\"items\":[],\"nextCursor\":null,\"olderOmitted\":false}");
    assertEquals("no dead letters\n", hodei("dlq").out());
    answers("GET /v1/dead-letters/" + id, letter);
    assertTrue(hodei("dlq", "show", id).out().contains("text        {x"), hodei("dlq", "show", id).out());
    assertEquals(letter + "\n", hodei("dlq", "show", id, "-o", "json").out());
    server.on("POST /v1/dead-letters/" + id + "/replay", asked -> new StandIn.Reply(202, "{\"id\":\"" + id + "\",\"replayedAs\":\"hodei.job-requests-0-9\",\"jobId\":\"j\"}"));
    assertEquals(id + " is replayed as hodei.job-requests-0-9, job j\n", hodei("dlq", "replay", id).out());
    assertFalse(server.asked("POST", "/v1/dead-letters/" + id + "/replay").getFirst().header("X-Actor").isEmpty());
    answers("DELETE /v1/dead-letters/" + id, "{\"id\":\"" + id + "\",\"tombstone\":\"hodei.dead-letters-0-3\"}");
    assertEquals(id + " is dropped\n", hodei("dlq", "drop", id).out());
  }

  @Test
  void aDeadLetterThatIsRefusedIsToldAndNothingIsRepeated() {
    server.on("POST /v1/dead-letters/x-0-1/replay", asked -> new StandIn.Reply(409, "{\"type\":\"urn:hodei:problem:conflict\",\"detail\":\"Only job requests.\"}"));
    Typed refused = hodei("dlq", "replay", "x-0-1");
    assertEquals("Error: Only job requests. (conflict)\n", refused.err());
    assertTrue(refused.code != 0);
    server.on("POST /v1/dead-letters/y-0-1/replay", asked -> new StandIn.Reply(503, "{\"type\":\"urn:hodei:problem:outcome-unknown\",\"detail\":\"Unknown.\"}"));
    assertEquals(1, hodei("dlq", "replay", "y-0-1").code);
    assertEquals(1, server.asked("POST", "/v1/dead-letters/y-0-1/replay").size());
    assertEquals(2, hodei("dlq", "replay").code);
    assertEquals(2, hodei("dlq", "replay", "x", "--all").code);
    assertEquals(2, hodei("dlq", "burn", "x").code);
    assertEquals(1, hodei("dlq", "show", "../x?").code);
    assertEquals("/v1/dead-letters/../x?", server.asked.getLast().path());
  }

  @Test
  void aProblemIsToldAsTheServerToldIt() {
    server.on("POST /v1/jobs/" + StandIn.ID + "/cancel", asked -> new StandIn.Reply(409, "{\"type\":\"urn:hodei:problem:conflict\",\"detail\":\"It has ended.\"}"));
    Typed refused = hodei("cancel", StandIn.ID);
    assertEquals("Error: It has ended. (conflict)\n", refused.err());
    assertEquals(1, refused.code);
    server.on("GET /v1/pools", asked -> new StandIn.Reply(200, "<html>"));
    assertTrue(hodei("pools").err().startsWith("Error: Expected JSON from the server, but it is not: "));
  }

  @Test
  void everyCommandHasHelp() {
    for (Verb verb : CommandTable.VERBS) {
      if (!verb.takesAnything()) {
        assertTrue(hodei(verb.name(), "--help").out().startsWith("Usage: hodei " + verb.name()), verb.name());
        verb.verbs().stream().filter(below -> !below.takesAnything())
            .forEach(below -> assertEquals(0, hodei(verb.name(), below.name(), "-h").code, below.name()));
      }
    }
    assertEquals(2, hodei().code);
    assertTrue(hodei("--help").out().contains("  run          Run a command as a job"));
    assertEquals(0, server.asked.size());
  }

  @Test
  void aTokenIsSent() {
    Typed typed = new Typed(home, server.url());
    typed.environment.put("HODEI_TOKEN", "secret");
    typed.type("jobs");
    assertEquals("Bearer secret", server.asked.getFirst().header("Authorization"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost:8080", "ftp://x", "http://", "http://a b", ":"})
  void aWrongUrlIsRefused(String url) {
    Typed typed = new Typed(home, url).type("jobs");
    assertEquals(2, typed.code);
    assertTrue(typed.err().contains("HODEI_URL, but found \"" + url + "\""), typed.err());
  }
}
