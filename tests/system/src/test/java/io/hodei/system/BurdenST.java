package io.hodei.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.hodei.testkit.Answer;
import io.hodei.testkit.Await;
import io.hodei.testkit.Faults;
import io.hodei.testkit.Installation;
import io.hodei.testkit.Part;
import io.hodei.testkit.Topics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Callers who want more than there is: they are refused, and nobody falls.
@ResourceLock(Shared.SEPARATE)
class BurdenST {
  private static final int READERS = 200;
  private static final int LINES = 300_000;

  private final Installation hodei = Shared.separate();
  private final Faults faults = new Faults(hodei);

  @AfterEach
  void allAreWell() {
    Shared.allWell();
  }

  /// Jobs that no slot will take wait in the memory of job-api and dispatcher: there is an end to it, and both start again with what is there.
  // proves: contract:http-errors, promise:1
  @Test
  void jobsThatWaitHoldOnlySoMuchMemory() {
    Topics topics = Topics.of(hodei);
    int letters = topics.raw("hodei.dead-letters").size();
    hodei.put("/v1/pools/no-slots", "{\"maxWorkers\":0}").is(200);
    String large = Jobs.command("\"pool\":\"no-slots\"", "sh", "-c", "#" + "x".repeat(250_000));
    String body = "[" + String.join(",", Collections.nCopies(32, large)) + "]";
    Set<String> ids = new HashSet<>();
    Answer answer = hodei.post("/v1/jobs", body);
    while (answer.status() == 202) {
      answer.json().path("items").forEach(job -> ids.add(job.path("id").asText()));
      assertTrue(ids.size() <= 1000, "no end to what is accepted");
      answer = hodei.post("/v1/jobs", body);
    }
    answer.is(429);
    assertTrue(answer.body().contains("too-many-open"), answer.body());
    System.out.println(ids.size() + " jobs of 250 KB accepted");
    assertTrue(ids.size() >= 256, ids.size() + " jobs");
    for (Part part : List.of(Part.DISPATCHER, Part.API)) {
      faults.kill(part);
      faults.bringBack(part);
      System.out.println(part.label() + " ready with them after " + faults.awaitWell(part).toMillis() + " ms");
    }
    Await.whenTrue("all that was accepted to wait", Duration.ofSeconds(60), () -> waiting().containsAll(ids));
    ids.forEach(id -> hodei.post("/v1/jobs/" + id + "/cancel", "").is(202));
    ids.forEach(id -> assertEquals("CANCELLED", hodei.ended(id).path("state").asText()));
    assertEquals(letters, topics.raw("hodei.dead-letters").size(), "dead letters");
    assertEquals("SUCCEEDED", hodei.ended(hodei.submit(Jobs.sh("true"))).path("state").asText(), "there is room again");
  }

  private Set<String> waiting() {
    Set<String> ids = new HashSet<>();
    String cursor = "";
    do {
      JsonNode page = hodei.get("/v1/jobs?pool=no-slots&state=PENDING&limit=500" + cursor).is(200).json();
      page.path("items").forEach(job -> ids.add(job.path("id").asText()));
      String next = page.path("nextCursor").asText("");
      cursor = next.isEmpty() || next.equals("null") ? "" : "&cursor=" + next;
    } while (!cursor.isEmpty());
    return ids;
  }

  // proves: contract:http-logs
  @Test
  void readersThatTakeNothingKeepNobodyWaiting() throws IOException {
    JsonNode job = hodei.ended(hodei.submit(Jobs.sh("head -c " + LINES + " /dev/zero | tr '\\0' '\\n'")));
    assertEquals("SUCCEEDED", job.path("state").asText(), job.toPrettyString());
    URI api = URI.create(hodei.url("api"));
    List<Socket> readers = new ArrayList<>();
    try {
      int admitted = 0;
      for (int i = 0; i < READERS; i++) {
        Socket reader = new Socket();
        readers.add(reader);
        reader.setReceiveBufferSize(4096);
        reader.setSoTimeout(20_000);
        reader.connect(new InetSocketAddress(api.getHost(), api.getPort()));
        reader.getOutputStream().write(("GET /v1/jobs/" + job.path("id").asText() + "/logs?format=json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        String status = new String(reader.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
        assertTrue(status.equals("HTTP/1.1 200") || status.equals("HTTP/1.1 429"), status);
        admitted += status.endsWith("200") ? 1 : 0;
      }
      System.out.println(admitted + " of " + READERS + " readers admitted");
      assertTrue(admitted > 0 && admitted < READERS, admitted + " admitted");
      long began = System.nanoTime();
      hodei.get("/v1/jobs?limit=10").is(200);
      long took = (System.nanoTime() - began) / 1_000_000;
      System.out.println("others' lists in " + took + " ms");
      assertTrue(hodei.well(Part.API));
    } finally {
      for (Socket reader : readers) {
        reader.close();
      }
    }
    Await.whenTrue("their places to be free", Duration.ofSeconds(90),
        () -> hodei.get("/v1/jobs/" + job.path("id").asText() + "/logs?format=text&limit=3").status() == 200);
  }

  /// What a part does that ran out of memory cannot be provoked from outside any more, that it ends then can be seen.
  // proves: contract:up
  @Test
  void aPartThatRunsOutOfMemoryEnds() throws IOException {
    for (Part part : Part.services()) {
      String line = Files.readString(Path.of("/proc/" + hodei.pidOf(part.label()) + "/cmdline"));
      assertTrue(line.contains("-XX:+ExitOnOutOfMemoryError"), part.label() + ": " + line.replace('\0', ' '));
    }
  }
}
