package io.hodei.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.hodei.gateway.v1.Stream;
import io.hodei.gateway.v1.Welcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Nothing of a job outlives its end, and nothing starts that must not. Each job's processes are found by a word in
/// their command lines.
@Timeout(120)
class AgentKillsIT {
  @TempDir Path scratch;

  private final String mark = "mark" + UUID.randomUUID().toString().replace("-", "");

  private AgentProcess agent(FakeGateway gateway) throws Exception {
    return AgentProcess.start(scratch, gateway.uri(), FakeGateway.TOKEN);
  }

  private FakeGateway gateway(String script) throws Exception {
    return new FakeGateway(AgentIT.shell(script).build());
  }

  /// A shell that stays, and shows the mark in its command line, whatever its environment.
  private String stays() {
    return "sh -c 'sleep 600; : " + mark + "'";
  }

  private static List<String> commandLinesWith(String mark) throws IOException {
    try (var processes = Files.list(Path.of("/proc"))) {
      return processes.filter(p -> p.getFileName().toString().matches("\\d+")).map(AgentKillsIT::commandLine).filter(line -> line.contains(mark)).toList();
    }
  }

  private static String commandLine(Path process) {
    try {
      return Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1).replace('\0', ' ');
    } catch (IOException e) {
      return "";
    } catch (UncheckedIOException e) {
      return "";
    }
  }

  private void assertNothingLeft() throws IOException {
    assertEquals(List.of(), commandLinesWith(mark));
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "%1$s & setsid %1$s & wait",
    "(setsid %1$s &); sleep 600",
    "trap '' TERM; (trap '' TERM; env -i PATH=$PATH setsid %1$s &) ; while :; do sleep 1; done",
    "while :; do %1$s & sleep 0.05; done",
    "kill -STOP $(sh -c 'echo $PPID'); %1$s",
  })
  void aTimeoutKillsTheWholeTree(String script) throws Exception {
    var job = AgentIT.shell(script.formatted(stays()) + "; : " + mark).setTimeoutMs(700).setGracefulTerminationMs(300);
    try (var gateway = new FakeGateway(job.build()); var _ = agent(gateway)) {
      var end = gateway.awaitEnd();

      assertNothingLeft();
      assertEquals("TIMEOUT", end.getReason());
      assertEquals("TIMEOUT", end.getCategory());
      assertFalse(end.getHasExitCode());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "%1$s & exit 0",
    "(setsid %1$s &) ; exit 0",
    "(trap '' TERM; setsid nohup %1$s >/dev/null 2>&1 &) ; sleep 0.1; exit 0",
  })
  void whatIsLeftInTheBackgroundEndsWithTheJob(String script) throws Exception {
    try (var gateway = gateway(script.formatted(stays())); var _ = agent(gateway)) {
      var end = gateway.awaitEnd();

      assertNothingLeft();
      assertEquals("EXIT_CODE", end.getReason());
      assertEquals(0, end.getExitCode());
    }
  }

  @Test
  void aCancelledJobGetsItsGraceAndIsReportedCancelled() throws Exception {
    var script = "trap 'echo saved; exit 0' TERM; echo up; while :; do sleep 0.1; done; : " + mark;
    try (var gateway = new FakeGateway(AgentIT.shell(script).setGracefulTerminationMs(20_000).build()); var _ = agent(gateway)) {
      gateway.awaitText("up");
      gateway.cancel(7);
      var end = gateway.awaitEnd();

      assertNothingLeft();
      assertEquals("CANCELLED", end.getReason());
      assertTrue(new String(gateway.bytesOf(Stream.STDOUT), StandardCharsets.UTF_8).endsWith("saved\n"));
    }
  }

  @Test
  void aGrandchildGetsTheWholeGraceThoughTheShellIsGone() throws Exception {
    Files.writeString(scratch.resolve("child"), "trap 'sleep 1; echo saved; exit' TERM\necho up\nwhile :; do sleep 0.1; done");
    try (var gateway = new FakeGateway(AgentIT.shell("sh ../child & wait; exit 1").setGracefulTerminationMs(20_000).build()); var _ = agent(gateway)) {
      gateway.awaitText("up");
      gateway.cancel(7);
      gateway.awaitEnd();

      assertTrue(new String(gateway.bytesOf(Stream.STDOUT), StandardCharsets.UTF_8).endsWith("saved\n"));
    }
  }

  @Test
  void aCancelBeforeTheGrantPreventsTheExec() throws Exception {
    try (var gateway = gateway("touch ../ran")) {
      gateway.startAnswer = FakeGateway.StartAnswer.HOLD;
      try (var _ = agent(gateway)) {
        gateway.await(gateway.starts);
        gateway.cancel(7);
        var end = gateway.awaitEnd();
        gateway.answerHeldStarts(true);

        assertEquals("CANCELLED", end.getReason());
        assertFalse(end.getHasExitCode());
        assertTrue(gateway.batches.getLast().hasEnd());
        assertFalse(Files.exists(scratch.resolve("ran")));
      }
    }
  }

  @Test
  void aCancelOfAnotherEpochIsNotOurs() throws Exception {
    try (var gateway = gateway("echo up; sleep 1; exit 6"); var _ = agent(gateway)) {
      gateway.awaitText("up");
      gateway.cancel(6);

      assertEquals(6, gateway.awaitEnd().getExitCode());
    }
  }

  @Test
  void aRefusedStartRunsNothingAndTheAgentExits() throws Exception {
    try (var gateway = gateway("touch ../ran")) {
      gateway.startAnswer = FakeGateway.StartAnswer.REFUSE;
      try (var agent = agent(gateway)) {
        assertEquals(0, agent.awaitExit());
        assertFalse(Files.exists(scratch.resolve("ran")));
        assertEquals(List.of(), gateway.ends);
      }
    }
  }

  @Test
  void anUnansweredStartIsRepeated() throws Exception {
    try (var gateway = gateway("exit 3")) {
      gateway.startStatus = Status.NOT_FOUND;
      try (var _ = agent(gateway)) {
        assertEquals(3, gateway.awaitEnd().getExitCode());
        assertEquals(2, gateway.starts.size());
      }
    }
  }

  @Test
  void aWrongTokenEndsTheAgentAtOnce() throws Exception {
    try (var gateway = gateway("touch ../ran"); var agent = AgentProcess.start(scratch, gateway.uri(), "wrong")) {
      assertEquals(Session.DISMISSED, agent.awaitExit());
      assertFalse(agent.output().contains("wrong\n"));
      assertFalse(Files.exists(scratch.resolve("ran")));
    }
  }

  @Test
  void withoutAnyGatewayTheJobIsKilledAtTheOrphanLimit() throws Exception {
    try (var gateway = gateway("echo up; " + stays())) {
      gateway.welcome = Welcome.newBuilder(gateway.welcome).setOrphanLimitMs(1_500).build();
      try (var agent = agent(gateway)) {
        gateway.awaitText("up");
        gateway.stop();

        assertEquals(Session.ORPHANED, agent.awaitExit());
        assertNothingLeft();
      }
    }
  }

  @Test
  void heartbeatsKeepAJobAliveBeyondTheOrphanLimit() throws Exception {
    try (var gateway = gateway("sleep 3; exit 3")) {
      gateway.welcome = Welcome.newBuilder(gateway.welcome).setOrphanLimitMs(1_500).build();
      try (var _ = agent(gateway)) {
        assertEquals(3, gateway.awaitEnd().getExitCode());
        assertTrue(gateway.beats.size() >= 5, "beats: " + gateway.beats.size());
        assertEquals(7, gateway.beats.getLast().getEpoch());
      }
    }
  }

  @Test
  void leaveKillsAndExits() throws Exception {
    try (var gateway = gateway("echo up; setsid " + stays()); var agent = agent(gateway)) {
      gateway.awaitText("up");
      gateway.sendAway();

      assertEquals(0, agent.awaitExit());
      assertNothingLeft();
      assertEquals(List.of(), gateway.ends);
    }
  }

  @Test
  void aTerminatedAgentTakesItsJobWithIt() throws Exception {
    try (var gateway = gateway("trap '' TERM; echo up; (setsid " + stays() + " &); while :; do sleep 1; done; : " + mark); var agent = agent(gateway)) {
      gateway.awaitText("up");
      agent.process().destroy();

      assertEquals(143, agent.awaitExit());
      assertNothingLeft();
    }
  }

  @Test
  void aTerminatedAgentGivesItsJobItsGrace() throws Exception {
    Files.writeString(scratch.resolve("child"), "trap 'sleep 0.5; echo saved > saved; exit' TERM\necho up\nwhile :; do sleep 0.1; done; : " + mark);
    try (var gateway = new FakeGateway(AgentIT.shell("sh ../child").setGracefulTerminationMs(20_000).build()); var agent = agent(gateway)) {
      gateway.awaitText("up");
      agent.process().destroy();

      assertEquals(143, agent.awaitExit());
      assertEquals("saved\n", Files.readString(scratch.resolve("work/saved")));
      assertNothingLeft();
    }
  }

  /// As when a person destroys a worker: its gateway sends it away, and its provider asks it to end.
  @Test
  void whoeverElseAsksWhileItLeavesItsJobIsAskedOnceAndHasItsGrace() throws Exception {
    var script = "trap 'echo asked >> asked' TERM; echo up; while :; do sleep 0.05; done; : " + mark;
    try (var gateway = new FakeGateway(AgentIT.shell(script).setGracefulTerminationMs(1_500).build()); var agent = agent(gateway)) {
      gateway.awaitText("up");
      long start = System.nanoTime();
      gateway.sendAway();
      Thread.sleep(300);
      agent.process().destroy();

      agent.awaitExit();
      assertEquals("asked\n", Files.readString(scratch.resolve("work/asked")));
      assertTrue(System.nanoTime() - start >= TimeUnit.MILLISECONDS.toNanos(1_500), "its grace was cut short");
      assertNothingLeft();
    }
  }

  @Test
  void aTerminatedAgentWithoutAJobEndsAtOnce() throws Exception {
    try (var gateway = new FakeGateway(AgentIT.shell("exit 0").setGracefulTerminationMs(20_000).build()); var agent = agent(gateway)) {
      gateway.awaitEnd();
      agent.process().destroy();

      assertTrue(agent.process().waitFor(3, TimeUnit.SECONDS), "it waits for nothing");
      assertEquals(143, agent.process().exitValue());
    }
  }

  @Test
  void afterItsEndTheAgentWaitsForItsDestructionAndThenGoes() throws Exception {
    try (var gateway = gateway("exit 0"); var agent = agent(gateway)) {
      gateway.awaitEnd();
      assertFalse(agent.process().waitFor(2, TimeUnit.SECONDS), "it waits to be destroyed");
      assertEquals(0, agent.awaitExit());
      assertEquals(1, gateway.ends.size());
    }
  }

  @Test
  void endedOrphansOfALongJobAreTakenAway() throws Exception {
    try (var gateway = gateway("for i in $(seq 1 20); do (sleep 0.2 &); done; sleep 2; ps -o stat= --ppid $PPID | grep -c Z; true"); var _ = agent(gateway)) {
      gateway.awaitEnd();

      assertEquals("0\n", new String(gateway.bytesOf(Stream.STDOUT), StandardCharsets.UTF_8));
    }
  }

  @Test
  void aCutSessionIsOpenedAgainAndTheJobGoesOn() throws Exception {
    try (var gateway = gateway("echo up; sleep 1; exit 3"); var _ = agent(gateway)) {
      gateway.awaitText("up");
      gateway.cutSession();

      assertEquals(3, gateway.awaitEnd().getExitCode());
      assertEquals(2, gateway.attended.size());
    }
  }
}
