package io.hodei.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.hodei.testkit.Answer;
import io.hodei.testkit.Await;
import io.hodei.testkit.Installation;
import io.hodei.testkit.ProcessTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/// CANCELLED means dead.
@ResourceLock(Shared.WHOLE)
class CancelST {
  /// So many that the last ones are cancelled while they wait and the first ones while they start; more: `HODEI_TEST_CANCELS=1000 ./hodei test CancelST`.
  private static final int CANCELS = Integer.parseInt(System.getenv().getOrDefault("HODEI_TEST_CANCELS", "250"));

  private final Installation hodei = Shared.installation();

  // proves: promise:4, lie:2, contract:http-cancel
  @Test
  void bothSleepsAreDeadBeforeItSaysCancelled() {
    String job = hodei.submit(Jobs.sh("sleep 600.25 & setsid sleep 600.25 & wait"));
    Await.whenTrue("both sleeps to run", Duration.ofSeconds(20), () -> sleeps().size() == 2);
    long began = System.nanoTime();
    hodei.post("/v1/jobs/" + job + "/cancel", "").is(202);
    JsonNode ended = hodei.ended(job);
    List<ProcessTable.Entry> left = sleeps();
    long took = (System.nanoTime() - began) / 1_000_000;
    System.out.println("CANCELLED after " + took + " ms");
    assertEquals("CANCELLED", ended.path("state").asText());
    assertEquals(List.of(), left, "alive when it said CANCELLED");
    assertTrue(took < 5 * 2000, "took " + took + " ms");
    assertEquals("TERMINATED", hodei.gone(ended.path("workerId").asText()).path("state").asText());
    assertEquals(202, hodei.post("/v1/jobs/" + job + "/cancel", "").status(), "cancel is idempotent");
  }

  private static List<ProcessTable.Entry> sleeps() {
    return ProcessTable.all(process -> process.commandLine().equals("sleep 600.25"));
  }

  // proves: promise:4, contract:http-cancel
  @Test
  void aCancelRightBehindItsSubmissionIsNeverIgnored() throws Exception {
    ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    AtomicInteger repeated = new AtomicInteger();
    List<Future<?>> calls = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(32)) {
      for (int i = 0; i < CANCELS; i++) {
        calls.add(threads.submit(() -> {
          String job = hodei.submit(Jobs.sh("sleep 30"));
          Answer answer = hodei.post("/v1/jobs/" + job + "/cancel", "");
          while (answer.status() == 503) {
            repeated.incrementAndGet();
            answer = hodei.post("/v1/jobs/" + job + "/cancel", "");
          }
          if (answer.status() != 202) {
            wrong.add(job + ": " + answer.status() + " " + answer.body());
          }
          String state = hodei.ended(job).path("state").asText();
          if (!state.equals("CANCELLED")) {
            wrong.add(job + ": " + state);
          }
        }));
      }
      for (Future<?> call : calls) {
        call.get();
      }
    }
    assertEquals(List.of(), List.copyOf(wrong));
    System.out.println(CANCELS + " cancels, " + repeated + " repeated after 503 outcome-unknown");
    Await.whenTrue("no job process to be left", Duration.ofSeconds(60), () -> ProcessTable.all(process -> process.commandLine().equals("sleep 30")
        && process.has("HODEI_INSTALLATION_ID", hodei.id())).isEmpty());
  }

  // proves: contract:http-cancel
  @Test
  void anEndedJobCannotBeCancelled() {
    String job = hodei.submit(Jobs.sh("true"));
    hodei.ended(job);
    assertEquals(409, hodei.post("/v1/jobs/" + job + "/cancel", "").status());
    assertEquals(404, hodei.post("/v1/jobs/nobody/cancel", "").status());
  }
}
