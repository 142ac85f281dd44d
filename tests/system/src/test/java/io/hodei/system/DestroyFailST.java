package io.hodei.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.hodei.testkit.Await;
import io.hodei.testkit.Installation;
import io.hodei.testkit.Shell;
import io.hodei.testkit.Topics;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/// A destruction that fails: a directory that even root cannot remove. Only root can make one, so the suite runs as root.
@ResourceLock(Shared.WHOLE)
class DestroyFailST {
  private static final Pattern FAILURES = Pattern.compile("hodei_worker_destruction_failures_total(?:\\{[^}]*})? ([0-9.E]+)");

  private final Installation hodei = Shared.installation();

  // proves: seed:clean-up-failure, seed:scenario-failing-destruction
  @Test
  void theJobSucceedsTheFailureIsToldAndWhatIsMendedGoes() {
    double before = failures();
    String job = hodei.submit(Jobs.sh("mkdir $TMPDIR/held && touch $TMPDIR/held/file && chattr +i $TMPDIR/held"));
    JsonNode ended = hodei.ended(job);
    String worker = ended.path("workerId").asText();
    Path directory = hodei.data().resolve("workers").resolve(worker);
    try {
      assertEquals("SUCCEEDED", ended.path("state").asText(), ended.toPrettyString());
      Await.whenTrue("the failed destruction to be an event", Duration.ofSeconds(30), () -> Topics.of(hodei).records("hodei.worker-events").stream()
          .anyMatch(event -> Topics.text(event, "type").equals("WorkerDestroyFailed") && Topics.text(event, "workerId").equals(worker)));
      assertTrue(failures() > before, "hodei_worker_destruction_failures_total went up from " + before + " to " + failures());
      assertEquals("TERMINATING", hodei.worker(worker).path("state").asText(), "a table that says TERMINATED would lie");
      assertTrue(Files.exists(directory));
    } finally {
      Shell.run(Map.of(), Path.of("/"), List.of("chattr", "-R", "-i", directory.toString())).exits(0);
    }
    Duration took = Await.whenTrue("the worker to be gone", Duration.ofSeconds(5 * 60), () -> hodei.worker(worker).path("state").asText().equals("TERMINATED"));
    System.out.println("mended: gone after " + took.toMillis() + " ms (promise 60 s)");
    assertTrue(!Files.exists(directory));
    assertEquals("SUCCEEDED", hodei.ended(job).path("state").asText(), "its end is not touched");
  }

  private double failures() {
    Matcher match = FAILURES.matcher(hodei.send(HttpRequest.newBuilder(URI.create(hodei.url("lifecycle") + "/metrics")).GET()).body());
    double all = 0;
    while (match.find()) {
      all += Double.parseDouble(match.group(1));
    }
    return all;
  }
}
