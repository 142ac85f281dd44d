package io.hodei.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.testkit.Answer;
import io.hodei.testkit.Await;
import io.hodei.testkit.Installation;
import io.hodei.testkit.JobRows;
import io.hodei.testkit.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// job-api alone, as `up --separate` runs it, with many terminal jobs (BENCH_JOBS, 1,000,000 by default), each with an idempotency key: heap, memory,
/// latencies and start, beside the same of an empty one in the same run. Run: `./hodei test ViewsBench`.
class ViewsBench {
  private static final int JOBS = Integer.parseInt(System.getenv().getOrDefault("BENCH_JOBS", "1000000"));
  private static final int OPEN = Math.min(20_000, JOBS);
  private static final Pattern ID = Pattern.compile("\\{\"id\":\"([^\"]+)\"");
  private static final Pattern NEXT = Pattern.compile("\"nextCursor\":\"([^\"]+)\"");

  private record Memory(double heapMib, double residentMib) {}

  @Test
  void manyTerminalJobs() {
    try (Installation hodei = Installation.start(true); JobRows rows = new JobRows(hodei)) {
      Duration emptyStart = hodei.startTook();
      rows.put(JOBS + OPEN, JOBS + OPEN + 1, "SUCCEEDED", "few");
      awaitRow(hodei, rows.id(JOBS + OPEN));
      latency(hodei, "empty: GET of a job", i -> "/v1/jobs/" + rows.id(JOBS + OPEN), 300);
      long emptyList = latency(hodei, "empty: list, limit 50", i -> "/v1/jobs", 300);
      Memory empty = memory(hodei);

      long began = System.nanoTime();
      rows.put(0, JOBS, "SUCCEEDED", "many");
      awaitRow(hodei, rows.id(JOBS - 1));
      say("%d rows written and read in %.1f s", JOBS, seconds(began));
      Memory live = memory(hodei);
      say("heap after GC: empty %.0f MiB, with %d ended jobs %.0f MiB: %.0f bytes each with its key; resident %.0f and %.0f MiB", empty.heapMib(), JOBS,
          live.heapMib(), (live.heapMib() - empty.heapMib()) * 1024 * 1024 / JOBS, empty.residentMib(), live.residentMib());

      lists(hodei, rows, emptyList);

      assertEquals(0, hodei.cli("down").exit());
      began = System.nanoTime();
      start(hodei);
      say("start with %d ended jobs: %.1f s; of an empty installation: %.1f s", JOBS, seconds(began), emptyStart.toMillis() / 1000.0);
      progress(hodei);
      Memory rebuilt = memory(hodei);
      say("after the start: heap after GC %.0f MiB, resident %.0f MiB", rebuilt.heapMib(), rebuilt.residentMib());

      rows.put(JOBS, JOBS + OPEN, "RUNNING", "open");
      awaitRow(hodei, rows.id(JOBS + OPEN - 1));
      Memory open = memory(hodei);
      say("%d open jobs more: heap after GC %.0f MiB: %.0f bytes each", OPEN, open.heapMib(), (open.heapMib() - rebuilt.heapMib()) * 1024 * 1024 / OPEN);
      latency(hodei, "list of running ones, limit 50", i -> "/v1/jobs?state=RUNNING", 200);
      waiters(hodei, rows);
      everything(hodei, rows);
    }
  }

  /// `up` again, with the time that a million rows may need on a machine that others use too.
  private static void start(Installation hodei) {
    Process up = hodei.cliStart("up", "--detach", "--separate");
    Thread.ofVirtual().start(() -> up.inputReader().lines().forEach(line -> { }));
    Thread.ofVirtual().start(() -> up.errorReader().lines().filter(line -> line.contains("job-api")).forEach(System.out::println));
    try {
      assertTrue(up.waitFor(30, TimeUnit.MINUTES), "up runs on");
      assertEquals(0, up.exitValue());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void lists(Installation hodei, JobRows rows, long emptyList) {
    Random random = new Random(1);
    latency(hodei, "GET of a job", i -> "/v1/jobs/" + rows.id(random.nextInt(JOBS)), 1000);
    long list = latency(hodei, "list, limit 50", i -> "/v1/jobs", 300);
    say("list, limit 50, P50: %.1f times that of an empty job-api", (double) list / Math.max(1, emptyList));
    latency(hodei, "list, limit 1000", i -> "/v1/jobs?limit=1000", 50);
    latency(hodei, "list by a label of one in 100,000", i -> "/v1/jobs?label=part%3D" + random.nextInt(100_000), 100);
    latency(hodei, "list by a correlation id of ten", i -> "/v1/jobs?correlationId=run-" + random.nextInt(JOBS / 10), 100);
    latency(hodei, "list by a tenant of one in 1,000, limit 1000", i -> "/v1/jobs?limit=1000&tenant=tenant-" + random.nextInt(1000), 50);
    latency(hodei, "list by a label that no job has", i -> "/v1/jobs?label=none%3D" + i, 100);
    latency(hodei, "list by a state that no job has", i -> "/v1/jobs?state=TIMEOUT", 100);
    latency(hodei, "list by the beginning of an id", i -> "/v1/jobs?idPrefix=" + rows.id(random.nextInt(JOBS)).substring(0, 20), 100);
  }

  /// All pages together are all ids, each once.
  private static void everything(Installation hodei, JobRows rows) {
    long began = System.nanoTime();
    Set<String> seen = new HashSet<>();
    int count = 0;
    String cursor = null;
    do {
      String body = hodei.get("/v1/jobs?limit=1000&state=SUCCEEDED&label=mark%3Dmany" + (cursor == null ? "" : "&cursor=" + cursor)).is(200).body();
      Matcher id = ID.matcher(body);
      while (id.find()) {
        seen.add(id.group(1));
        count++;
      }
      Matcher next = NEXT.matcher(body);
      cursor = next.find() ? next.group(1) : null;
    } while (cursor != null);
    say("all pages of 1000: %.1f s", seconds(began));
    assertEquals(JOBS, count);
    for (int i = 0; i < JOBS; i++) {
      seen.remove(rows.id(i));
    }
    assertEquals(Set.of(), seen);
  }

  private static void waiters(Installation hodei, JobRows rows) {
    int waiting = Math.min(200, OPEN);
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer>> answers = new ArrayList<>();
      for (int i = 0; i < waiting; i++) {
        String id = rows.id(JOBS + i);
        answers.add(callers.submit(() -> hodei.get("/v1/jobs/" + id + "?wait=terminal&timeout=60s")));
      }
      latency(hodei, "list, limit 50, beside " + waiting + " that wait", i -> "/v1/jobs", 300);
      long began = System.nanoTime();
      rows.put(JOBS, JOBS + waiting, "SUCCEEDED", "open");
      for (Future<Answer> answer : answers) {
        assertEquals("SUCCEEDED", answer.get().is(200).json().path("state").asText());
      }
      say("%d waiters answered %.0f ms after the first of their rows was sent", waiting, seconds(began) * 1000);
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void awaitRow(Installation hodei, String id) {
    Await.whenTrue("the last row", Duration.ofMinutes(10), () -> hodei.get("/v1/jobs/" + id).status() == 200);
  }

  /// The last lines that job-api has told of its start.
  private static void progress(Installation hodei) {
    try (var lines = Files.lines(hodei.data().resolve("log/job-api.log"))) {
      List<String> told = lines.filter(line -> line.contains("tail_catching_up") && line.contains("tail=job-state")).toList();
      say("%d lines of progress; the last: %s", told.size(), told.isEmpty() ? "none" : told.getLast());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Memory memory(Installation hodei) {
    long pid = hodei.pidOf("job-api");
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    assertEquals(0, Shell.run(Map.of(), Path.of("/"), List.of(jcmd, Long.toString(pid), "GC.run")).exit());
    double used = 0;
    for (String line : hodei.get("/metrics").body().lines().filter(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\"")).toList()) {
      used += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
    }
    try (var status = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
      String resident = status.filter(line -> line.startsWith("VmRSS")).findFirst().orElseThrow();
      return new Memory(used / 1024 / 1024, Double.parseDouble(resident.replaceAll("\\D", "")) / 1024);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Its P50 in microseconds.
  private static long latency(Installation hodei, String what, IntFunction<String> path, int calls) {
    List<Long> micros = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      String asked = path.apply(i);
      long began = System.nanoTime();
      hodei.get(asked).is(200);
      micros.add((System.nanoTime() - began) / 1000);
    }
    micros.sort(null);
    long half = micros.get(calls / 2);
    say("%s: P50 %.1f ms, P95 %.1f ms, max %.1f ms", what, half / 1000.0, micros.get(calls * 95 / 100) / 1000.0, micros.getLast() / 1000.0);
    return half;
  }

  private static double seconds(long beganNanos) {
    return (System.nanoTime() - beganNanos) / 1e9;
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
