package io.hodei.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.gateway.v1.Assignment;
import io.hodei.gateway.v1.ReportEndRequest;
import io.hodei.gateway.v1.Stream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// One job through a real agent process: what it gets, what it writes, how its end is told.
@Timeout(120)
class AgentIT {
  @TempDir Path scratch;

  private FakeGateway gateway;

  static Assignment.Builder shell(String script) {
    return job("sh", "-c", script);
  }

  static Assignment.Builder job(String... command) {
    return Assignment.newBuilder().setJobId("j-1").setAttempt(2).setEpoch(7).setCorrelationId("c-1").setGracefulTerminationMs(1_000)
        .setTimeoutMs(60_000).addAllCommand(Arrays.asList(command));
  }

  private ReportEndRequest run(Assignment.Builder job) throws Exception {
    var fake = new FakeGateway(job.build());
    gateway = fake;
    try (fake; var agent = AgentProcess.start(scratch, gateway.uri(), FakeGateway.TOKEN)) {
      var end = gateway.awaitEnd();
      assertFalse(Files.exists(agent.workerFile()), "the worker file, which has the token, is gone");
      return end;
    }
  }

  private String stdout() {
    return new String(gateway.bytesOf(Stream.STDOUT), StandardCharsets.UTF_8);
  }

  private String stderr() {
    return new String(gateway.bytesOf(Stream.STDERR), StandardCharsets.UTF_8);
  }

  @Test
  void successIsExitCodeZeroWithTheLogWhereTheGatewaySaid() throws Exception {
    var end = run(shell("echo hello; echo oops >&2"));

    assertEquals("EXIT_CODE", end.getReason());
    assertTrue(end.getHasExitCode());
    assertEquals(0, end.getExitCode());
    assertEquals("", end.getCategory());
    assertEquals("hello\n", stdout());
    assertEquals("oops\n", stderr());
    assertEquals(2, end.getLogPartition());
    assertEquals(101, end.getLogFirstOffset());
    assertEquals(100 + gateway.batches.size(), end.getLogLastOffset());
    assertEquals(2, end.getLog().getLines());
    assertEquals(11, end.getLog().getBytes());
    assertTrue(end.getLogComplete());
    assertEquals("j-1", end.getJobId());
    assertEquals(2, end.getAttempt());
    assertEquals(7, end.getEpoch());
    assertEquals(gateway.attended.getFirst().getBootId(), end.getBootId());
    assertTrue(end.getEndedAtMs() >= end.getStartedAtMs());
  }

  @Test
  void aJobWithoutOutputStillHasAnEndOfItsLog() throws Exception {
    var end = run(job("true"));

    assertEquals(1, gateway.batches.size());
    assertTrue(gateway.batches.getFirst().hasEnd());
    assertEquals(0, end.getLog().getLines());
    assertEquals(101, end.getLogFirstOffset());
  }

  @Test
  void theJobsOwnExitCodeIsReported() throws Exception {
    var end = run(shell("exit 3"));

    assertEquals("EXIT_CODE", end.getReason());
    assertEquals("USER_CODE", end.getCategory());
    assertEquals(3, end.getExitCode());
    assertFalse(end.getSuggestedAction().isEmpty());
  }

  @Test
  void aKilledJobIsReportedWithItsSignalAndAsAShellWouldSayIt() throws Exception {
    var end = run(shell("kill -9 $$"));

    assertEquals("SIGNAL", end.getReason());
    assertEquals(9, end.getSignal());
    assertEquals(137, end.getExitCode());
  }

  @Test
  void aMissingCommandIs127() throws Exception {
    var end = run(job("no-such-command"));

    assertEquals("START_FAILED", end.getReason());
    assertEquals("CONFIGURATION", end.getCategory());
    assertEquals(127, end.getExitCode());
    assertEquals("Expected an executable \"no-such-command\" on PATH, but there is none", end.getMessage());
    assertEquals(1, gateway.batches.size(), "the log has its end");
  }

  @Test
  void aFileThatIsNotExecutableIs126() throws Exception {
    assertEquals(126, run(job("/etc/passwd")).getExitCode());
  }

  @Test
  void aMissingInterpreterIs127() throws Exception {
    var end = run(Assignment.newBuilder(job().build()).setScript("#!/no/such/interpreter\n"));

    assertEquals(127, end.getExitCode());
    assertTrue(end.getMessage().contains("interpreter"), end.getMessage());
  }

  @Test
  void aWorkdirThatIsNotThereIsAConfigurationError() throws Exception {
    var end = run(job("true").setWorkdir("/no/such/dir"));

    assertEquals("START_FAILED", end.getReason());
    assertEquals("CONFIGURATION", end.getCategory());
    assertFalse(end.getHasExitCode());
    assertTrue(end.getMessage().contains("/no/such/dir"), end.getMessage());
  }

  @Test
  void theWorkdirIsTheGivenOneOrTheScratchOwn() throws Exception {
    run(job("pwd").setWorkdir("/usr"));
    assertEquals("/usr\n", stdout());

    run(job("pwd"));
    assertEquals(scratch.resolve("work") + "\n", stdout());
  }

  @Test
  void theEnvironmentIsExactlyTheContract() throws Exception {
    run(job("/usr/bin/env").putEnv("GREETING", "grüße").putEnv("LANG", "C").putEnv("HODEI_JOB_ID", "forged"));

    assertEquals(new TreeSet<>(Arrays.asList(
        "PATH=" + System.getenv("PATH"), "HOME=/home/agent", "LANG=C", "TMPDIR=" + scratch.resolve("tmp"), "GREETING=grüße",
        "HODEI_JOB_ID=j-1", "HODEI_ATTEMPT=2", "HODEI_WORKER_ID=w-1", "HODEI_INSTALLATION_ID=i-1")), new TreeSet<>(stdout().lines().toList()));
  }

  @Test
  void theJobsPathDecidesWhichCommandRuns() throws Exception {
    var bin = Files.createDirectories(scratch.resolve("bin"));
    Files.writeString(bin.resolve("mine"), "#!/bin/sh\necho mine\n");
    assertTrue(bin.resolve("mine").toFile().setExecutable(true));

    assertEquals(0, run(job("mine").putEnv("PATH", bin.toString())).getExitCode());
    assertEquals("mine\n", stdout());
    assertEquals(127, run(job("sh", "-c", "true").putEnv("PATH", bin.toString())).getExitCode());
  }

  @Test
  void argumentsArriveAsTheyAre() throws Exception {
    run(job("printf", "[%s]", "a b", "", "é→", "$HOME", "*"));

    assertEquals("[a b][][é→][$HOME][*]", stdout());
  }

  @Test
  void aNulInAnArgumentIsRefusedAndNotCut() throws Exception {
    var end = run(job("echo", "a\0b"));

    assertEquals("START_FAILED", end.getReason());
    assertEquals("CONFIGURATION", end.getCategory());
  }

  @Test
  void stdinIsEmpty() throws Exception {
    assertEquals(0, run(job("cat")).getExitCode());
  }

  @Test
  void aScriptRunsByItsFirstLineElseBySh() throws Exception {
    run(Assignment.newBuilder(job().build()).setScript("#!/usr/bin/env -S sed -n 2p\nsecond line\n"));
    assertEquals("second line\n", stdout());

    run(Assignment.newBuilder(job().build()).setScript("x=grüße\necho $x\nexit 5"));
    assertEquals("grüße\n", stdout());
    assertEquals(5, gateway.ends.getFirst().getExitCode());
  }

  @Test
  void neitherTokenNorAgentsVariablesAreVisibleToTheJob() throws Exception {
    run(shell("cat /proc/$PPID/cmdline /proc/$PPID/environ; ls -R " + scratch + "; ls -l /proc/self/fd | wc -l"));

    assertFalse(stdout().contains(FakeGateway.TOKEN), stdout());
    assertTrue(stdout().endsWith("5\n"), "0, 1, 2 and ls's own directory: " + stdout());
  }
}
