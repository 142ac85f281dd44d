package io.hodei.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.hodei.testkit.Containers;
import io.hodei.testkit.Installation;
import io.hodei.testkit.Shell;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/// Jobs `true` in containers, one at a time and four at a time, ephemeral and reusable, beside as many `docker run --rm`, and the removal of running
/// containers by `docker rm -f`, in one run on one engine. Run: `BENCH_JOBS=200 ./hodei test DockerBench`.
@EnabledIf("io.hodei.testkit.Containers#areWanted")
class DockerBench {
  private static final int JOBS = Integer.parseInt(System.getenv().getOrDefault("BENCH_JOBS", "60"));
  private static final List<Integer> PARALLEL = List.of(1, 4);
  private static final String POOL = "{\"providers\":[\"docker\"],\"mode\":\"%s\",\"maxWorkers\":8,\"template\":{\"image\":\"%s\"}}";

  /// What was done so many at a time: jobs per second, and what each took from the outside, in milliseconds.
  private record Measured(double perSecond, List<Long> took) {}

  @Test
  void jobsBesideBareContainers() throws Exception {
    String image = Containers.tools("hodei-st/tools:1", "ENV COLOUR=blue", "ENV LD_PRELOAD=/nowhere.so");
    try (Installation hodei = Installation.start(false, "hodei.default-pool.provider: \"docker\"", "hodei.gc.interval: \"600s\"",
        "hodei.docker.bundles-dir: \"" + Shell.checkout().resolve("build/agent-bundles") + "\"")) {
      for (String mode : List.of("ephemeral", "reusable")) {
        hodei.put("/v1/pools/" + mode, POOL.formatted(mode, image)).is(200);
        all(4, 8, () -> one(hodei, mode));
      }
      for (int parallel : PARALLEL) {
        at(parallel, hodei, image);
      }
    }
  }

  private static void at(int parallel, Installation hodei, String image) throws Exception {
    System.out.printf(Locale.ROOT, "%n%d jobs, %d at a time%n", JOBS, parallel);
    Measured bare = all(parallel, JOBS, () -> Containers.docker("run", "--rm", image, "true").exits(0));
    print("docker run --rm", bare, bare);
    List<JsonNode> ended = Collections.synchronizedList(new ArrayList<>());
    double busy = Figures.busy();
    double services = Figures.cpuOf(hodei);
    double engine = ofEngine();
    Measured ours = all(parallel, JOBS, () -> ended.add(one(hodei, "ephemeral")));
    List<Long> gone = new ArrayList<>();
    List<Long> started = new ArrayList<>();
    for (JsonNode job : ended) {
      gone.add(hodei.gone(job.path("workerId").asText()).path("finishedToDestroyedMs").asLong());
      started.add(Duration.between(Instant.parse(job.path("submittedAt").asText()), Instant.parse(job.path("startedAt").asText())).toMillis());
    }
    services = Figures.cpuOf(hodei) - services;
    engine = ofEngine() - engine;
    busy = Figures.busy() - busy;
    print("hodei, ephemeral", ours, bare);
    JsonNode board = hodei.get("/v1/cleanup").is(200).json();
    System.out.printf(Locale.ROOT, "immediate, of all so far: %.4f (orphans %d); containers that are left: %s%n", board.path("immediateRatio").asDouble(), board.path("orphans").asLong(),
        Containers.docker("ps", "-a", "--filter", "label=hodei.io/installation=" + hodei.id(), "--filter", "label=hodei.io/pool=ephemeral", "--format", "{{.Names}}").exits(0).out().lines().toList());
    print("hodei, reusable", all(parallel, JOBS, () -> one(hodei, "reusable")), bare);
    System.out.printf(Locale.ROOT, "submitted to started, ms: P50 %d, P95 %d%n", Figures.percentile(started, 50), Figures.percentile(started, 95));
    List<Long> removed = removals(parallel, image);
    System.out.printf(Locale.ROOT, "end to container and volume gone, ms: P50 %d, P95 %d; docker rm -f of a running one: P50 %d, P95 %d; ratio of the P95 %.2f%n",
        Figures.percentile(gone, 50), Figures.percentile(gone, 95), Figures.percentile(removed, 50), Figures.percentile(removed, 95), (double) Figures.percentile(gone, 95) / Math.max(1, Figures.percentile(removed, 95)));
    System.out.printf(Locale.ROOT, "CPU seconds per ephemeral job: services, broker, registry, Postgres %.3f; dockerd and containerd %.3f; the whole machine, agents and strangers included, %.3f%n",
        services / JOBS, engine / JOBS, busy / JOBS);
  }

  private static JsonNode one(Installation hodei, String pool) {
    JsonNode job = hodei.ended(hodei.submit("{\"pool\":\"" + pool + "\",\"command\":[\"true\"]}"));
    if (!job.path("state").asText().equals("SUCCEEDED")) {
      throw new AssertionError("Expected a job to succeed, but " + job.toPrettyString());
    }
    return job;
  }

  private static List<Long> removals(int parallel, String image) throws Exception {
    List<String> names = IntStream.range(0, JOBS).mapToObj(i -> "hodei-bench-" + ProcessHandle.current().pid() + "-" + parallel + "-" + i).toList();
    List<String> waiting = Collections.synchronizedList(new ArrayList<>(names));
    try {
      List<Long> took = Collections.synchronizedList(new ArrayList<>());
      all(parallel, JOBS, () -> {
        String name = waiting.removeLast();
        Containers.docker("run", "-d", "--name", name, image, "sleep", "1000").exits(0);
        return took.add(Containers.docker("rm", "-f", name).exits(0).took().toMillis());
      });
      return took;
    } finally {
      names.stream().filter(name -> Containers.docker("inspect", name).exit() == 0).forEach(name -> Containers.docker("rm", "-f", name));
    }
  }

  private static Measured all(int parallel, int jobs, Callable<?> one) throws Exception {
    List<Long> took = Collections.synchronizedList(new ArrayList<>());
    long began = System.nanoTime();
    try (ExecutorService threads = Executors.newFixedThreadPool(parallel)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < jobs; i++) {
        all.add(threads.submit(() -> {
          long start = System.nanoTime();
          one.call();
          return took.add((System.nanoTime() - start) / 1_000_000);
        }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
    return new Measured(jobs / ((System.nanoTime() - began) / 1e9), took);
  }

  private static void print(String what, Measured measured, Measured bare) {
    System.out.printf(Locale.ROOT, "%-18s %6.2f/s, ratio %.2f; each, ms: P50 %d, P95 %d%n", what, measured.perSecond(), measured.perSecond() / bare.perSecond(),
        Figures.percentile(measured.took(), 50), Figures.percentile(measured.took(), 95));
  }

  private static double ofEngine() {
    return Figures.cpuOf(each -> each.commandLine().matches("(\\S*/)?(dockerd|containerd)( .*)?"));
  }
}
