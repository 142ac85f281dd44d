package io.hodei.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.gateway.v1.Assignment;
import io.hodei.gateway.v1.Stream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// One agent, one job after the other: each finds a clean scratch directory, its own environment and nothing that runs from the last one.
// proves: seed:scenario-completion-keeps
@Timeout(120)
class AgentReuseIT {
  @TempDir Path scratch;

  private static Assignment.Builder job(int number, String script) {
    return AgentIT.shell(script).setJobId("job-" + number).setEpoch(1).setNumber(number).setReusable(true);
  }

  private static String stdout(FakeGateway gateway) {
    return new String(gateway.bytesOf(Stream.STDOUT), StandardCharsets.UTF_8);
  }

  @Test
  void theSecondJobFindsNothingOfTheFirst() throws Exception {
    String mark = "mark" + UUID.randomUUID().toString().replace("-", "");
    var first = job(1, "echo secret > kept; mkdir -p $TMPDIR/deep/er; echo x > $TMPDIR/../beside; (setsid sleep 600.1 " + " & ) ; (setsid sh -c 'sleep 600; : " + mark
        + "' >/dev/null 2>&1 &) ; sleep 0.2").putEnv("FIRST", "one");
    try (var gateway = new FakeGateway(first.build()); var agent = AgentProcess.start(scratch, gateway.uri(), FakeGateway.TOKEN)) {
      assertEquals("", gateway.awaitEnd(1).getUnfit());
      gateway.assign(job(2, "pwd; ls -A . $TMPDIR; echo first=$FIRST id=$HODEI_JOB_ID; ps -eo args | grep -c \"[s]leep 600; : " + mark + "\"; exit 4").build());
      var end = gateway.awaitEnd(2);

      assertEquals("job-2", end.getJobId());
      assertEquals(4, end.getExitCode());
      String seen = stdout(gateway);
      assertTrue(seen.contains("first= id=job-2"), seen);
      assertFalse(seen.contains("kept") || seen.contains("deep") || seen.contains("beside"), seen);
      assertTrue(seen.endsWith("\n0\n"), seen);
      assertFalse(Files.exists(scratch.resolve("beside")));
      assertTrue(agent.process().isAlive());
    }
  }

  @Test
  void aRepeatedAssignmentIsTakenOnce() throws Exception {
    var first = job(1, "echo ran");
    try (var gateway = new FakeGateway(first.build()); var _ = AgentProcess.start(scratch, gateway.uri(), FakeGateway.TOKEN)) {
      gateway.awaitEnd(1);
      gateway.assign(first.build());
      gateway.assign(job(2, "echo next").build());
      gateway.awaitEnd(2);

      assertEquals("ran\nnext\n", stdout(gateway));
      assertEquals(List.of("job-1", "job-2"), gateway.starts.stream().map(start -> start.getJobId()).toList());
    }
  }

  @Test
  void anAssignmentThatComesBeforeTheReportIsAnsweredWaits() throws Exception {
    try (var gateway = new FakeGateway(job(1, "sleep 0.5; echo one").build()); var _ = AgentProcess.start(scratch, gateway.uri(), FakeGateway.TOKEN)) {
      gateway.await(gateway.starts);
      gateway.assign(job(2, "echo two").build());
      gateway.awaitEnd(2);

      assertEquals("one\ntwo\n", stdout(gateway));
    }
  }

  @Test
  void theCancellationOfTheLastJobDoesNotTouchTheNext() throws Exception {
    try (var gateway = new FakeGateway(job(1, "echo one").build()); var _ = AgentProcess.start(scratch, gateway.uri(), FakeGateway.TOKEN)) {
      gateway.awaitEnd(1);
      gateway.assign(job(2, "echo up; sleep 1; echo two").build());
      gateway.awaitText("up");
      gateway.cancel(1);

      assertEquals("EXIT_CODE", gateway.awaitEnd(2).getReason());
    }
  }

  @Test
  void whatCannotBeCleanedMakesItUnfit() throws Exception {
    // A path that is longer than any path may be cannot be removed by its name.
    var deep = job(1, "i=0; while [ $i -lt 40 ]; do mkdir " + "d".repeat(200) + "; cd " + "d".repeat(200) + "; i=$((i+1)); done; echo deep");
    try (var gateway = new FakeGateway(deep.build()); var _ = AgentProcess.start(scratch, gateway.uri(), FakeGateway.TOKEN)) {
      var end = gateway.awaitEnd(1);

      assertEquals(0, end.getExitCode());
      assertTrue(end.getUnfit().startsWith("Expected to clean the scratch directory"), end.getUnfit());
      new ProcessBuilder("rm", "-rf", scratch.resolve("work").toString()).start().waitFor();
    }
  }

  @Test
  void aFailureIsLeftToLookAtWhereThePoolKeepsIt() throws Exception {
    try (var gateway = new FakeGateway(job(1, "echo why > trace; exit 1").setKeepOnFailure(true).build());
        var _ = AgentProcess.start(scratch, gateway.uri(), FakeGateway.TOKEN)) {
      assertTrue(gateway.awaitEnd(1).getUnfit().contains("keeps"));

      assertEquals("why\n", Files.readString(scratch.resolve("work/trace")));
    }
  }

  /// The values are other than those of this test, however it was started itself.
  @ParameterizedTest
  @ValueSource(strings = {
    "limits: prlimit --pid $PPID --core=7:7",
    "limits: prlimit --pid $PPID --nofile=200:",
    "oom_score_adj: echo 333 > /proc/$PPID/oom_score_adj",
    "priority: renice -n 13 -p $PPID",
    "priority: for t in /proc/$PPID/task/*; do renice -n 13 -p ${t##*/} || true; done",
    "priority: chrt -b -p 0 $PPID",
    "priority: ionice -c 2 -n 7 -p $PPID",
    "priority: taskset -p 1 $PPID",
  })
  void aJobThatLowersWhatTheNextInheritsHasNoNext(String whatAndHow) throws Exception {
    String what = whatAndHow.substring(0, whatAndHow.indexOf(':'));
    try (var gateway = new FakeGateway(job(1, "set -e; { " + whatAndHow.substring(what.length() + 2) + "; } >/dev/null").build());
        var _ = AgentProcess.start(scratch, gateway.uri(), FakeGateway.TOKEN)) {
      var end = gateway.awaitEnd(1);

      assertEquals(0, end.getExitCode());
      assertTrue(end.getUnfit().startsWith("Expected the agent's " + what), end.getUnfit());
    }
  }
}
