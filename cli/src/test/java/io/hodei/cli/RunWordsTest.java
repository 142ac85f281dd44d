package io.hodei.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What `hodei run` says of its own (docs/adr/0008): never on stdout; errors of Hodei's own always, all else on a terminal only.
class RunWordsTest {
  private static final String INCOMPLETE = "Warning: the log of job " + StandIn.ID + " is incomplete; missing lines: 2-3\n";

  @TempDir
  Path home;

  private StandIn server;

  @BeforeEach
  void start() throws IOException {
    server = new StandIn();
    server.line("stdout", "of the job");
    server.on("GET /v1/workers/w-1", asked -> new StandIn.Reply(200, "{\"id\":\"w-1\",\"finishedToDestroyedMs\":85}"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Typed run(boolean terminal) {
    Typed typed = new Typed(home, server.url());
    typed.errTerminal = terminal;
    typed.type("run", "--", "x");
    assertEquals("of the job\n", typed.out());
    return typed;
  }

  private void ends(String state, String reason, Integer exitCode) {
    server.job.put("state", state).put("reason", reason).put("exitCode", exitCode).put("message", "The message.").put("suggestedAction", "Do this.");
  }

  private void theLogIsIncomplete() {
    server.end = "{\"end\":true,\"lines\":3,\"complete\":false,\"missing\":[[2,3]]}";
  }

  @Test
  void hodeisOwnErrorsAreToldWithoutATerminal() {
    ends("FAILED", "WORKER_LOST", null);
    theLogIsIncomplete();
    Typed ran = run(false);
    assertEquals("WORKER_LOST: The message. Do this.\n" + INCOMPLETE, ran.err());
    assertEquals(125, ran.code);
  }

  @Test
  void aTerminalIsToldTheSummaryAsWell() {
    ends("FAILED", "WORKER_LOST", null);
    theLogIsIncomplete();
    assertEquals("FAILED WORKER_LOST · 0.4 s · worker gone in 85 ms\nWORKER_LOST: The message. Do this.\n" + INCOMPLETE, run(true).err());
  }

  @ParameterizedTest
  @CsvSource(nullValues = "-", value = {"FAILED, EXIT_CODE, -", "FAILED, SIGNAL, -", "FAILED, PROVISION_FAILED, -", "FAILED, START_FAILED, -", "FAILED, REFUSED, 0"})
  void no125ThatIsHodeisIsSilent(String state, String reason, Integer exitCode) {
    ends(state, reason, exitCode);
    Typed ran = run(false);
    assertEquals(125, ran.code);
    assertEquals(reason + ": The message. Do this.\n", ran.err());
  }

  @ParameterizedTest
  @CsvSource(nullValues = "-", value = {"SUCCEEDED, EXIT_CODE, 0, 0", "FAILED, EXIT_CODE, 125, 125", "FAILED, START_FAILED, 127, 127", "TIMEOUT, TIMEOUT, -, 124",
      "CANCELLED, CANCELLED, -, 130"})
  void anEndThatIsNoErrorOfHodeisIsToldToATerminalOnly(String state, String reason, Integer exitCode, int expected) {
    ends(state, reason, exitCode);
    Typed silent = run(false);
    assertEquals("", silent.err());
    assertEquals(expected, silent.code);
    assertEquals(state, run(true).err().split(" ")[0]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"SUCCEEDED", "CANCELLED", "TIMEOUT"})
  void anIncompleteLogIsToldHoweverTheJobEnded(String state) {
    ends(state, "EXIT_CODE", 0);
    theLogIsIncomplete();
    assertEquals(INCOMPLETE, run(false).err());
  }

  @Test
  void theLogOfAJobThatNeverStartedIsNotCalledIncomplete() {
    ends("TIMEOUT", "QUEUE_TIMEOUT", null);
    server.job.putNull("startedAt");
    server.end = "{\"end\":true,\"lines\":0,\"complete\":false,\"missing\":[]}";
    assertEquals("", run(false).err());
  }

  @Test
  void logsTellAsMuchOfAJobThatHasEnded() {
    theLogIsIncomplete();
    for (String[] words : new String[][] {{"logs", StandIn.ID}, {"logs", "-f", StandIn.ID}, {"logs", StandIn.ID, "--stream", "stdout"}}) {
      Typed read = new Typed(home, server.url()).type(words);
      assertEquals("of the job\n", read.out());
      assertEquals(INCOMPLETE, read.err());
      assertEquals(0, read.code);
    }
    server.job.put("state", "RUNNING");
    server.end = "{\"end\":true,\"lines\":1,\"complete\":false,\"missing\":[]}";
    assertEquals("", new Typed(home, server.url()).type("logs", StandIn.ID).err(), "it is not over");
  }
}
