package io.hodei.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.hodei.testkit.Installation;
import io.hodei.testkit.ProcessTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A job that does all it can to leave something behind.
class EscapeST {
  private final Installation hodei = Shared.installation();

  // proves: promise:2
  @Test
  void whatEscapedFromAttemptOneIsDeadBeforeAttemptTwo() throws IOException {
    Path lines = hodei.work().resolve("escape-" + System.nanoTime());
    Path loop = lines.resolveSibling(lines.getFileName() + ".sh");
    Files.writeString(loop, "while :; do echo \"first $(date +%s%N)\" >> " + lines + "; sleep 0.05; done\n");
    // No mark, a session of its own, no parent; and then no agent.
    String script = "if [ $HODEI_ATTEMPT = 2 ]; then echo second >> " + lines + "; sleep 2; exit 0; fi; "
        + "env -i PATH=\"$PATH\" setsid sh -c '(exec sh " + loop + " &)'; while [ ! -s " + lines + " ]; do sleep 0.01; done; kill -9 $PPID; sleep 600";
    String job = hodei.submit(Jobs.command("\"retry\":{\"maxAttempts\":2,\"backoff\":\"10ms\"}", "sh", "-c", script));
    JsonNode ended = hodei.ended(job);
    assertEquals("SUCCEEDED", ended.path("state").asText(), ended.toPrettyString());
    assertEquals(2, ended.path("attempt").asInt());
    List<String> written = Files.readAllLines(lines);
    assertTrue(written.getFirst().startsWith("first "), "the loop of attempt 1 ran: " + written);
    assertEquals(List.of("second"), written.subList(written.indexOf("second"), written.size()), "written since attempt 2 began, which lasted 2 s");
    assertEquals(List.of(), ProcessTable.named(loop.toString()), "the loop");
  }
}
