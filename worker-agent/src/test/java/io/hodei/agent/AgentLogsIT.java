package io.hodei.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.gateway.v1.Assignment;
import io.hodei.gateway.v1.LogEntry;
import io.hodei.gateway.v1.Stream;
import io.hodei.gateway.v1.Welcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The log of a job through a real agent process: every byte, in order, in time, whatever the gateway does.
@Timeout(120)
class AgentLogsIT {
  @TempDir Path scratch;

  private FakeGateway gateway(String script) throws Exception {
    return new FakeGateway(AgentIT.shell(script).build());
  }

  private AgentProcess agent(FakeGateway gateway) throws Exception {
    return AgentProcess.start(scratch, gateway.uri(), FakeGateway.TOKEN);
  }

  private static void assertNumbered(FakeGateway gateway) {
    long seq = 0;
    for (var entry : gateway.entries()) {
      assertEquals(++seq, entry.getSeq());
      assertEquals(!entry.getPartial(), entry.getData().byteAt(entry.getData().size() - 1) == '\n', "partial says whether a line ends");
      assertTrue(entry.getData().size() <= 64 << 10);
    }
    assertEquals(seq, gateway.ends.getFirst().getLog().getLines());
  }

  private byte[] file(String name, int size, long seed) throws Exception {
    var bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    Files.write(scratch.resolve(name), bytes);
    return bytes;
  }

  @Test
  void binaryOnBothStreamsArrivesByteForByte() throws Exception {
    var out = file("out", 5_000_000, 1);
    var err = file("err", 3_000_000, 2);
    try (var gateway = gateway("cat ../out & cat ../err >&2; wait"); var _ = agent(gateway)) {
      gateway.awaitEnd();

      assertArrayEquals(out, gateway.bytesOf(Stream.STDOUT));
      assertArrayEquals(err, gateway.bytesOf(Stream.STDERR));
      assertNumbered(gateway);
      assertEquals(8_000_000, gateway.ends.getFirst().getLog().getBytes());
    }
  }

  @Test
  void aBatchIsNeverLargerThanTheGatewayAllows() throws Exception {
    file("out", 1_000_000, 3);
    try (var gateway = gateway("cat ../out; head -c 100000 /dev/zero")) {
      gateway.welcome = Welcome.newBuilder(gateway.welcome).setMaxLogBatchBytes(16 << 10).build();
      try (var _ = agent(gateway)) {
        gateway.awaitEnd();

        gateway.batches.forEach(batch -> assertTrue(batch.getEntriesList().stream().mapToInt(LogEntry::getSerializedSize).sum() <= 16 << 10));
        assertEquals(1_100_000, gateway.bytesOf(Stream.STDOUT).length);
      }
    }
  }

  @Test
  void anUnfinishedLineIsVisibleWithin200Milliseconds() throws Exception {
    try (var gateway = gateway("echo ready; sleep 1; date +%s%N; printf prompt; sleep 2; echo ' done'"); var _ = agent(gateway)) {
      gateway.awaitText("prompt");
      long seenMs = System.currentTimeMillis();
      long printedMs = Long.parseLong(gateway.entries().get(1).getData().toStringUtf8().strip()) / 1_000_000;
      System.out.println("unfinished line seen after ms=" + (seenMs - printedMs));
      assertTrue(seenMs - printedMs <= 5 * 200, "hang guard of 5 x 200 ms, was " + (seenMs - printedMs));

      gateway.awaitEnd();
      assertEquals("prompt", gateway.entries().get(2).getData().toStringUtf8());
      assertTrue(gateway.entries().get(2).getPartial());
      assertEquals(" done\n", gateway.entries().get(3).getData().toStringUtf8());
    }
  }

  @Test
  void aLineWrittenInPiecesWithoutAPauseStaysOneEntry() throws Exception {
    try (var gateway = gateway("printf a; printf b; printf 'c\\n'"); var _ = agent(gateway)) {
      gateway.awaitEnd();

      assertEquals("abc\n", gateway.entries().getFirst().getData().toStringUtf8());
    }
  }

  @Test
  void aLineThatGrowsForEverIsShownAsItGrows() throws Exception {
    try (var gateway = gateway("while :; do printf .; sleep 0.02; done"); var _ = agent(gateway)) {
      long first = gateway.awaitText(".");
      assertTrue(first > 0);
      gateway.sendAway();
    }
  }

  @Test
  void overTheLimitLinesAreCountedAndAMarkerSaysSo() throws Exception {
    var job = AgentIT.shell("seq 1000 1999; printf ta; sleep 0.5; printf il; sleep 0.5").setMaxLogBytes(1_003);
    try (var gateway = new FakeGateway(job.build()); var _ = agent(gateway)) {
      var log = gateway.awaitEnd().getLog();

      var entries = gateway.entries();
      assertEquals("[hodei] log limit of 1003 bytes reached; the rest is dropped\n", entries.getLast().getData().toStringUtf8());
      assertEquals(Stream.STDERR, entries.getLast().getStream());
      assertEquals(1_003, gateway.bytesOf(Stream.STDOUT).length, "kept to the byte");
      assertEquals(5_000 + 4 - 1_003, log.getDroppedBytes());
      assertEquals(800 + 1, log.getDroppedLines());
      assertEquals(entries.size(), log.getLines());
    }
  }

  @Test
  void failedAndRepeatedBatchesChangeNothing() throws Exception {
    var out = file("out", 3_000_000, 4);
    try (var gateway = gateway("cat ../out")) {
      gateway.logFailures = 3;
      gateway.logRepliesLost = true;
      try (var _ = agent(gateway)) {
        gateway.awaitEnd();

        assertArrayEquals(out, gateway.bytesOf(Stream.STDOUT));
        assertNumbered(gateway);
      }
    }
  }

  @Test
  void aGatewayThatRestartsInMidJobLosesNoLine() throws Exception {
    try (var gateway = gateway("for i in $(seq 1 60); do echo line $i; sleep 0.05; done"); var agent = agent(gateway)) {
      gateway.awaitText("line 10\n");
      gateway.stop();
      Thread.sleep(1_000);
      gateway.start();
      var end = gateway.awaitEnd();

      var expected = new StringBuilder();
      for (int i = 1; i <= 60; i++) {
        expected.append("line ").append(i).append('\n');
      }
      assertEquals(expected.toString(), new String(gateway.bytesOf(Stream.STDOUT), java.nio.charset.StandardCharsets.UTF_8));
      assertEquals(0, end.getExitCode());
      assertNumbered(gateway);
      assertTrue(gateway.attended.size() >= 2, agent.output());
      assertEquals(gateway.attended.getFirst().getBootId(), gateway.attended.getLast().getBootId());
      assertEquals(1, gateway.starts.size(), "a repeated assignment starts nothing");
    }
  }

  @Test
  void aFullBufferHoldsTheJobBackAndLosesNothing() throws Exception {
    try (var gateway = gateway("head -c 30000000 /dev/zero; echo; echo done >&2")) {
      gateway.logFailures = 6;
      try (var _ = agent(gateway)) {
        gateway.awaitEnd();

        assertEquals(30_000_001, gateway.bytesOf(Stream.STDOUT).length);
      }
    }
  }

  @Test
  void aBackgroundChildThatHoldsStdoutDoesNotHoldTheEnd() throws Exception {
    try (var gateway = gateway("echo before; sleep 600 & exit 4"); var _ = agent(gateway)) {
      long begun = System.nanoTime();
      var end = gateway.awaitEnd();

      assertEquals(4, end.getExitCode());
      assertEquals("EXIT_CODE", end.getReason());
      assertFalse(System.nanoTime() - begun > 10_000_000_000L);
      assertEquals("before\n", new String(gateway.bytesOf(Stream.STDOUT), java.nio.charset.StandardCharsets.UTF_8));
    }
  }

  @Test
  void aLongSilenceBeforeTheEndLosesNothing() throws Exception {
    try (var gateway = gateway("sleep 2.5; head -c 3000000 /dev/zero & sleep 2.5; wait; echo; echo last"); var _ = agent(gateway)) {
      gateway.awaitEnd();

      assertEquals(3_000_006, gateway.bytesOf(Stream.STDOUT).length);
    }
  }

  @Test
  void anAssignmentOfNothingIsRefusedWithItsLogEnd() throws Exception {
    try (var gateway = new FakeGateway(Assignment.newBuilder().setJobId("j").setEpoch(1).build()); var _ = agent(gateway)) {
      assertEquals("START_FAILED", gateway.awaitEnd().getReason());
      assertTrue(gateway.batches.getLast().hasEnd());
    }
  }
}
