package io.hodei.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.hodei.testkit.Await;
import io.hodei.testkit.Installation;
import io.hodei.testkit.ProcessTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/// A job that does all it can to leave something behind.
@ResourceLock(Shared.WHOLE)
@ResourceLock(Shared.SEPARATE)
class EscapeST {
  // proves: promise:2
  @Test
  void whatEscapedFromAttemptOneIsDeadBeforeAttemptTwo() throws IOException {
    Installation hodei = Shared.installation();
    Escape escape = Escape.in(hodei);
    String job = escape.submit("kill -9 $PPID; sleep 600");
    escape.attemptTwoRanAlone(job);
  }

  // proves: promise:2
  @Test
  void alsoWhenTheServiceThatStartedTheAgentDiedBefore() throws IOException {
    Installation hodei = Shared.separate();
    Escape escape = Escape.in(hodei);
    String job = escape.submit("sleep 600");
    String worker = hodei.inState(job, "RUNNING").path("workerId").asText();
    Await.whenTrue("the loop to run", Duration.ofSeconds(60), escape::runs);
    long before = hodei.pidOf("lifecycle-service");
    ProcessTable.signal("KILL", before);
    hodei.serve("lifecycle-service");
    Await.whenTrue("another lifecycle-service to be up", Duration.ofSeconds(60), () -> upAgain(hodei, before));
    assertEquals(1, hodei.get("/v1/jobs/" + job).json().path("attempt").asInt(), "attempt 1 has outlived the service");
    ProcessTable.signal("KILL", ProcessTable.agentOf(worker).getFirst().pid());
    escape.attemptTwoRanAlone(job);
  }

  private static boolean upAgain(Installation hodei, long before) {
    for (JsonNode each : hodei.status().path("services")) {
      if (each.path("name").asText().equals("lifecycle-service")) {
        return each.path("pid").asLong() != before && each.path("state").asText().equals("up");
      }
    }
    return false;
  }

  /// A loop without mark in its environment, with a session of its own and no parent, which writes to `lines`.
  private record Escape(Installation hodei, Path lines, Path loop) {
    static Escape in(Installation hodei) throws IOException {
      Path lines = hodei.work().resolve("escape-" + System.nanoTime());
      Path loop = lines.resolveSibling(lines.getFileName() + ".sh");
      Files.writeString(loop, "while :; do echo \"first $(date +%s%N)\" >> " + lines + "; sleep 0.05; done\n");
      return new Escape(hodei, lines, loop);
    }

    /// Attempt 1 starts the loop and then does `then`; attempt 2 writes one line and stays for 2 s.
    String submit(String then) {
      String script = "if [ $HODEI_ATTEMPT = 2 ]; then echo second >> " + lines + "; sleep 2; exit 0; fi; "
          + "env -i PATH=\"$PATH\" setsid sh -c '(exec sh " + loop + " &)'; while [ ! -s " + lines + " ]; do sleep 0.01; done; " + then;
      return hodei.submit(Jobs.command("\"retry\":{\"maxAttempts\":2,\"backoff\":\"10ms\"}", "sh", "-c", script));
    }

    boolean runs() {
      return Files.exists(lines) && !ProcessTable.named(loop.toString()).isEmpty();
    }

    void attemptTwoRanAlone(String job) throws IOException {
      JsonNode ended = hodei.ended(job);
      assertEquals("SUCCEEDED", ended.path("state").asText(), ended.toPrettyString());
      assertEquals(2, ended.path("attempt").asInt());
      List<String> written = Files.readAllLines(lines);
      assertTrue(written.getFirst().startsWith("first "), "the loop of attempt 1 ran: " + written);
      assertEquals(List.of("second"), written.subList(written.indexOf("second"), written.size()), "written since attempt 2 began, which lasted 2 s");
      assertEquals(List.of(), ProcessTable.named(loop.toString()), "the loop");
    }
  }
}
