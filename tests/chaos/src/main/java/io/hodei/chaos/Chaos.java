package io.hodei.chaos;

import io.hodei.testkit.History;
import io.hodei.testkit.Installation;
import io.hodei.testkit.Promise;
import io.hodei.testkit.Shell;
import io.hodei.testkit.Violation;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// One run: start, load and faults by the plan, quiet, judgement. On the main thread; each fault and each job has one of its own.
final class Chaos {
  private static final int SLOTS = 16;
  /// A worker of it takes one job after the other. Jobs of every kind: also those that kill their agent.
  static final String REUSED = "reused";
  private static final int REUSED_SLOTS = 4;
  /// Nothing ends for so long: it will not become quiet.
  private static final Duration STILL_LIMIT = Duration.ofMinutes(4);
  /// A busy machine may be long behind, but not for ever.
  private static final Duration QUIET_LIMIT = Duration.ofMinutes(20);

  private final ChaosOptions options;
  private final PrintStream out;
  private final Plan plan;
  private final Ledger ledger = new Ledger();
  private final long began = System.nanoTime();

  Chaos(ChaosOptions options, PrintStream out) {
    this.options = options;
    this.out = out;
    this.plan = Plan.of(options.seed(), options.length());
  }

  /// Returns what was broken.
  List<Violation> run() throws Exception {
    Path base = options.data() == null ? Files.createTempDirectory("hodei-chaos-") : Files.createDirectories(options.data());
    out.printf("seed %d: %d jobs and %d faults in %d min; a Hodei starts in %s%n", plan.seed(), plan.jobs().size(), plan.faults().size(),
        plan.length().toMinutes(), base);
    AtomicReference<@Nullable Path> running = new AtomicReference<>(base);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(running.getAndSet(null), true), "stop"));
    List<Violation> violations;
    try {
      violations = judged(Installation.start(base, true, "hodei.default-pool.max-workers: \"" + SLOTS + "\"", "hodei.gc.interval: \"10s\""));
    } catch (Exception | AssertionError e) {
      stop(running.getAndSet(null), false);
      out.println("the run broke off; what there is of it is kept in " + base);
      throw e;
    }
    stop(running.getAndSet(null), violations.isEmpty());
    if (violations.isEmpty()) {
      remove(base);
    } else {
      out.println("kept: " + base);
    }
    return violations;
  }

  private List<Violation> judged(Installation hodei) throws Exception {
    FaultRun faults = new FaultRun(hodei, ledger);
    try (Tail tail = new Tail(hodei); Watch watch = new Watch(hodei);
        Client client = new Client(hodei, ledger, new JobScript(hodei.work(), hodei.id()), () -> ledger.jobs() - tail.ended(), plan.length().plus(QUIET_LIMIT))) {
      hodei.put("/v1/pools/" + REUSED, "{\"mode\":\"reusable\",\"maxWorkers\":" + REUSED_SLOTS + ",\"policy\":{\"idleTimeout\":\"8s\",\"maxJobs\":9}}").is(200);
      Schedule schedule = new Schedule();
      plan.jobs().forEach(job -> schedule.at(job.at(), "job-" + job.number(), () -> client.run(job)));
      plan.faults().forEach(fault -> schedule.at(fault.at(), fault.kind().words(), () -> faults.run(fault)));
      Instant quietAt;
      try (Progress progress = new Progress(out, plan, ledger, tail, faults)) {
        schedule.run();
        progress.waiting("load and faults are over; waiting until all is quiet");
        quietAt = quiet(tail);
        progress.waiting("judging");
        watch.look();
        History history = new Evidence(hodei).gather(ledger, watch, Map.of("default", SLOTS, REUSED, REUSED_SLOTS), quietAt);
        List<Violation> violations = new ArrayList<>(ledger.violations());
        violations.addAll(schedule.broken());
        violations.addAll(Promise.checkAll(history));
        String report = Report.of(plan, faults.done(), history, violations, Duration.ofNanos(System.nanoTime() - began));
        out.println();
        out.print(report);
        if (options.report() != null) {
          Files.writeString(options.report(), report);
        }
        return violations;
      }
    }
  }

  /// The moment at which everything had ended; null when that did not come.
  private @Nullable Instant quiet(Tail tail) throws InterruptedException {
    long end = System.nanoTime() + QUIET_LIMIT.toNanos();
    long stillSince = System.nanoTime();
    int moved = -1;
    while (System.nanoTime() < end && System.nanoTime() - stillSince < STILL_LIMIT.toNanos()) {
      if (moved != tail.moved()) {
        moved = tail.moved();
        stillSince = System.nanoTime();
      }
      if (ledger.isSettled() && tail.isQuiet(ledger.acceptedJobs())) {
        return Instant.now();
      }
      Thread.sleep(200);
    }
    out.println("not quiet: requests " + ledger.openRequests() + ", " + tail.openJobs() + " jobs and " + tail.openWorkers() + " workers are open");
    return null;
  }

  /// Also what an interrupted start has left.
  private static void stop(@Nullable Path base, boolean purge) {
    if (base != null) {
      List<String> down = new ArrayList<>(List.of("down", "--data", base.resolve("data").toString()));
      if (purge) {
        down.add("--purge");
      }
      Shell.hodei(Map.of(), base, down);
    }
  }

  private static void remove(Path base) throws java.io.IOException {
    try (var files = Files.walk(base)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
