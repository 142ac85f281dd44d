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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Twenty jobs that count aloud, one line a second, until they are told to end, and write down that they started and how far they came: what a
/// fault must not harm.
final class Batch implements AutoCloseable {
  static final int JOBS = 20;
  private static final Duration GUARD = Duration.ofSeconds(60);

  private final Installation hodei;
  private final Path started;
  private final Path end;
  private final Path counts;
  private final List<String> ids = new ArrayList<>();

  private Batch(Installation hodei, Path place) {
    this.hodei = hodei;
    this.started = place.resolve("started");
    this.end = place.resolve("end");
    this.counts = place.resolve("counts");
  }

  /// Submits them, and returns when all are RUNNING.
  static Batch running(Installation hodei) throws IOException {
    Batch batch = new Batch(hodei, hodei.work().resolve("batch-" + System.nanoTime()));
    Files.createDirectories(batch.counts);
    String job = Jobs.sh("echo $HODEI_JOB_ID >> " + batch.started + "; i=0; while [ ! -e " + batch.end
        + " ]; do i=$((i+1)); echo line $i; sleep 1; done; cd " + batch.counts + "; echo $i > .$HODEI_JOB_ID; mv .$HODEI_JOB_ID $HODEI_JOB_ID");
    String all = "[" + String.join(",", Collections.nCopies(JOBS, job)) + "]";
    hodei.post("/v1/jobs", all).is(202).json().path("items").forEach(each -> batch.ids.add(each.path("id").asText()));
    batch.ids.forEach(id -> hodei.inState(id, "RUNNING"));
    return batch;
  }

  /// Every one of them is at work, whatever a table says.
  void allRun() throws IOException {
    startedOnce();
    assertEquals(List.of(), over(), "none has ended");
    ids.forEach(id -> assertTrue(!ProcessTable.all(process -> process.has("HODEI_JOB_ID", id)).isEmpty(), id));
  }

  /// What a test leaves when it fails holds no slots.
  @Override
  public void close() throws IOException {
    if (!Files.exists(end)) {
      Files.createFile(end);
    }
  }

  /// Tells them to end, and returns when the last has written down how far it came.
  void end() throws IOException {
    close();
    Await.whenTrue("the jobs to end", GUARD, () -> over().size() == JOBS);
  }

  /// Ends them. All have succeeded on their first attempt and were started once, their logs are whole, their workers gone.
  void isWhole() throws IOException {
    end();
    for (String id : ids) {
      JsonNode ended = hodei.ended(id);
      assertEquals("SUCCEEDED", ended.path("state").asText(), ended.toPrettyString());
      assertEquals(1, ended.path("attempt").asInt(), ended.toPrettyString());
      int count = Integer.parseInt(Files.readString(counts.resolve(id)).strip());
      String expected = IntStream.rangeClosed(1, count).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());
      assertEquals(expected, hodei.get("/v1/jobs/" + id + "/logs?format=text").is(200).body());
      assertTrue(ended.path("logRef").path(0).path("complete").asBoolean(), ended.toPrettyString());
      hodei.gone(ended.path("workerId").asText());
    }
    startedOnce();
    try {
      Await.whenTrue("no agent and no job to be left", GUARD, () -> ProcessTable.ofInstallation(hodei.id()).isEmpty());
    } catch (AssertionError e) {
      assertEquals(List.of(), ProcessTable.ofInstallation(hodei.id()), e.getMessage());
      throw e;
    }
  }

  private void startedOnce() throws IOException {
    assertEquals(ids.stream().sorted().toList(), Files.readAllLines(started).stream().sorted().toList(), "started once each");
  }

  private List<String> over() {
    try (Stream<Path> files = Files.list(counts)) {
      return files.map(file -> file.getFileName().toString()).filter(name -> !name.startsWith(".")).toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
