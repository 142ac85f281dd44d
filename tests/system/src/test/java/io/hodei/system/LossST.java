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

/// Workers that die or fall silent.
@ResourceLock(Shared.WHOLE)
class LossST {
  private final Installation hodei = Shared.installation();

  // proves: promise:2, promise:3
  @Test
  void aKilledAgentIsNoticedAndTheSecondAttemptSucceeds() throws IOException {
    lose("KILL", Duration.ofSeconds(2));
  }

  // proves: promise:2, promise:3
  @Test
  void aFrozenAgentIsLostAndTheSecondAttemptSucceeds() throws IOException {
    lose("STOP", Duration.ofSeconds(15));
  }

  // proves: promise:2
  @Test
  void withOneAttemptALostWorkerFailsItsJob() {
    String job = hodei.submit(Jobs.sh("sleep 300"));
    String worker = hodei.inState(job, "RUNNING").path("workerId").asText();
    ProcessTable.signal("KILL", ProcessTable.agentOf(worker).getFirst().pid());
    JsonNode ended = hodei.ended(job);
    assertEquals("FAILED", ended.path("state").asText());
    assertEquals("WORKER_LOST", ended.path("reason").asText());
    assertEquals("self", hodei.gone(worker).path("destroyedBy").asText());
    assertTrue(!ended.path("logRef").path(0).path("complete").asBoolean(), "its log is marked incomplete");
  }

  private void lose(String signal, Duration promise) throws IOException {
    Path lines = hodei.work().resolve("attempts-" + signal + System.nanoTime());
    String child = "612." + (signal.equals("KILL") ? "11" : "22");
    String script = "ps -eo args | grep -c '^sleep " + child + "$' | sed \"s/^/alive-before-attempt-$HODEI_ATTEMPT=/\" >> " + lines
        + "; [ $HODEI_ATTEMPT = 2 ] && exit 0; setsid sleep " + child + " & sleep " + child;
    String job = hodei.submit(Jobs.command("\"retry\":{\"maxAttempts\":2,\"backoff\":\"10ms\"}", "sh", "-c", script));
    Await.whenTrue("attempt 1 to have its children", Duration.ofSeconds(20),
        () -> ProcessTable.all(process -> process.commandLine().equals("sleep " + child)).size() == 2);
    String worker = hodei.get("/v1/jobs/" + job).json().path("workerId").asText();
    long began = System.nanoTime();
    ProcessTable.signal(signal, ProcessTable.agentOf(worker).getFirst().pid());
    Await.whenTrue("the loss to be noticed", promise.multipliedBy(5), () -> !hodei.worker(worker).path("state").asText().equals("BUSY"));
    long took = (System.nanoTime() - began) / 1_000_000;
    System.out.println("SIG" + signal + " of an agent noticed after " + took + " ms (promise " + promise.toMillis() + " ms)");
    assertTrue(took <= promise.multipliedBy(5).toMillis());
    JsonNode ended = hodei.ended(job);
    assertEquals("SUCCEEDED", ended.path("state").asText(), ended.toPrettyString());
    assertEquals(2, ended.path("attempt").asInt());
    assertEquals(List.of("alive-before-attempt-1=0", "alive-before-attempt-2=0"), Files.readAllLines(lines), "children of attempt 1 at the start of attempt 2");
    assertEquals("LOST", hodei.gone(worker).path("terminationReason").asText());
  }
}
