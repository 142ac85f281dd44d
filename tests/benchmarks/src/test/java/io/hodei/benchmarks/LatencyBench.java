package io.hodei.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.hodei.testkit.Installation;
import io.hodei.testkit.Shell;
import io.hodei.testkit.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// One hundred jobs, one after the other: submission to RUNNING, end of the attempt to the worker's being gone, CPU and Kafka records per job; the
/// command line's answer; beside it a bare process and a bare JVM, started as often in the same run. Run: `./hodei test LatencyBench`.
class LatencyBench {
  private static final int JOBS = 100;
  private static final List<String> TOPICS = List.of("job-requests", "control", "worker-reports", "job-events", "job-state", "worker-events",
      "worker-state", "worker-commands", "job-logs");

  @Test
  void oneHundredSequentialJobs() {
    try (Installation hodei = Installation.start(false, "hodei.gc.interval: \"600s\"")) {
      for (int i = 0; i < 20; i++) {
        one(hodei);
      }
      Topics topics = Topics.of(hodei);
      long recordsBefore = records(topics);
      double cpuBefore = Figures.cpuOf(hodei);
      long began = System.nanoTime();
      List<Long> toRunning = new ArrayList<>();
      List<Long> toGone = new ArrayList<>();
      List<Long> whole = new ArrayList<>();
      for (int i = 0; i < JOBS; i++) {
        long start = System.nanoTime();
        JsonNode job = one(hodei);
        whole.add((System.nanoTime() - start) / 1_000_000);
        toRunning.add(Duration.between(Instant.parse(job.path("submittedAt").asText()), Instant.parse(job.path("startedAt").asText())).toMillis());
        toGone.add(hodei.gone(job.path("workerId").asText()).path("finishedToDestroyedMs").asLong());
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      double cpu = Figures.cpuOf(hodei) - cpuBefore;
      long beats = (long) seconds;
      long records = records(topics) - recordsBefore;
      List<Long> cli = new ArrayList<>();
      List<Long> bare = new ArrayList<>();
      List<Long> jvm = new ArrayList<>();
      for (int i = 0; i < JOBS; i++) {
        cli.add(hodei.cli("jobs", "list").exits(0).took().toMillis());
        bare.add(Shell.run(Map.of(), Path.of("/"), List.of("true")).took().toMillis());
        jvm.add(Shell.run(Map.of(), Path.of("/"), List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-version")).took().toMillis());
      }
      print("submit to RUNNING, ms", toRunning);
      print("attempt ended to worker gone, ms", toGone);
      print("submit to answer of wait, ms", whole);
      print("hodei jobs list, ms", cli);
      print("baseline: a bare process, ms", bare);
      print("baseline: a bare JVM (java -version), ms", jvm);
      System.out.printf(Locale.ROOT, "submit to RUNNING / bare JVM, P50: %.1f%n", (double) Figures.percentile(toRunning, 50) / Math.max(1, Figures.percentile(jvm, 50)));
      System.out.printf(Locale.ROOT, "hodei jobs list / bare JVM, P50: %.1f%n", (double) Figures.percentile(cli, 50) / Math.max(1, Figures.percentile(jvm, 50)));
      System.out.printf(Locale.ROOT, "CPU seconds per job, services and registry and Postgres (agents not counted): %.3f%n", cpu / JOBS);
      System.out.printf(Locale.ROOT, "Kafka records per job, without changelogs and transaction markers, about %d reports of sessions and providers included: %.1f%n",
          beats * 3 / 2, (double) records / JOBS);
    }
  }

  private static JsonNode one(Installation hodei) {
    return hodei.ended(hodei.submit("{\"command\":[\"true\"]}"));
  }

  private static long records(Topics topics) {
    return TOPICS.stream().mapToLong(topic -> topics.raw("hodei." + topic).size()).sum();
  }

  private static void print(String what, List<Long> values) {
    System.out.printf(Locale.ROOT, "%s: P50 %d, P95 %d, max %d%n", what, Figures.percentile(values, 50), Figures.percentile(values, 95), Figures.percentile(values, 100));
  }
}
