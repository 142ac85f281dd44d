package io.hodei.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Random walks: whatever is told in whatever order, by whomever, the invariants hold after each step, a shard restored from the stored
/// rows is the same, and in the end every job ends. The seed is in the failure's text; `-Dhodei.walk.seed=N` repeats one walk.
// proves: promise:1, promise:2, promise:5, invariant:I1, invariant:I2, invariant:I3, invariant:I4, invariant:I5, invariant:I7, invariant:I8, invariant:I9
class ShardWalkTest {
  private static final int WALKS = 500;
  private static final int INPUTS = 200;

  @Test
  void invariantsHoldOnEveryWalk() {
    Long one = Long.getLong("hodei.walk.seed");
    Set<String> met = new TreeSet<>();
    for (long seed = one == null ? 1 : one; seed <= (one == null ? WALKS : one); seed++) {
      try {
        met.addAll(new Walk(seed).run());
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("Expected walk " + seed + " to keep the invariants, but: " + e.getMessage()
            + "; repeat it with -Dtest=ShardWalkTest -Dhodei.walk.seed=" + seed, e);
      }
    }
    assertTrue(one != null || met.containsAll(everything()), () -> "Expected the walks to lead everywhere, but they never met "
        + everything().stream().filter(each -> !met.contains(each)).toList());
  }

  /// Every event and every end there is.
  private static Set<String> everything() {
    Set<String> all = new TreeSet<>(Set.of("SUCCEEDED", "FAILED", "CANCELLED", "TIMEOUT", "restart", "conflict",
        "timer:queue-timeout", "timer:worker-deadline", "timer:lease", "timer:no-contact", "timer:schedule"));
    Stream.of(JobEvent.class, WorkerEvent.class, ProviderEvent.class).flatMap(events -> Stream.of(events.getPermittedSubclasses())).filter(Class::isRecord)
        .forEach(event -> all.add(event.getSimpleName()));
    return all;
  }

  private static final class Walk {
    private final Random random;
    private final Scene scene;
    private final Set<String> met = new TreeSet<>();

    Walk(long seed) {
      random = new Random(seed);
      scene = Scene.givenPool(pool());
    }

    /// What it met on its way.
    Set<String> run() {
      for (int step = 0; step < INPUTS; step++) {
        if (random.nextInt(4) > 0) {
          one();
        } else if (random.nextInt(20) == 0) {
          restart();
        } else {
          time();
        }
      }
      restart();
      everythingEnds();
      scene.last().events().forEach(event -> {
        met.add(event.cause().causationId());
        met.add(switch (event) {
          case Recorded.OfJob e -> e.event().type();
          case Recorded.OfWorker e -> e.event().type();
          case Recorded.OfProvider e -> e.event().type();
          case Recorded.OfRejection e -> e.code();
        });
      });
      scene.ended.values().forEach(job -> met.add(job.state().name()));
      return met;
    }

    private void one() {
      switch (random.nextInt(16)) {
        case 0, 1, 2 -> scene.put(ask().input(scene.now()));
        case 3 -> scene.put(new Input.CancelJob(new JobId(name())));
        case 4 -> scene.put(random.nextInt(4) > 0 ? new Input.ProviderAlive("process", "p-1") : new Input.ProviderAway("process", "p-1", "It does not answer."));
        case 5 -> scene.put(new Input.OrphanFound(worker(), "process", "p-1"));
        case 6 -> scene.put(new Input.FoundClean(List.of(worker(), worker())));
        case 7 -> scene.put(new Input.ForWorker(worker(), wish()));
        case 8 -> {
          if (random.nextInt(8) == 0) {
            scene.apply(pool());
          } else {
            scene.put(new Input.RefuseJob(ask().input(scene.now()), new Violation("timeout", "out-of-range", "Too long.")));
          }
        }
        default -> normally(worker());
      }
    }

    /// What the world would probably do next with this worker; now and then something else.
    private void normally(WorkerId id) {
      Worker worker = scene.rows.workers.get(id);
      String boot = random.nextInt(12) == 0 ? "impostor" : Steps.boot(id.value());
      if (worker == null || random.nextInt(6) == 0) {
        scene.put(new Input.ForWorker(id, wish()));
        return;
      }
      Binding binding = worker.head().binding();
      if (binding == null) {
        scene.put(random.nextBoolean() ? new Input.AgentConnected(id, boot) : new Input.AgentEnded(id, boot, new JobId(name()), 1, result(), null));
        return;
      }
      long epoch = random.nextInt(12) == 0 ? random.nextInt(4) : binding.epoch();
      switch (worker.state()) {
        case CREATING -> scene.and(Steps.created(id.value()));
        case CONNECTING -> scene.put(new Input.AgentConnected(id, boot));
        case READY, BUSY, DRAINING -> {
          if (random.nextInt(8) == 0) {
            scene.put(new Input.AgentConnected(id, boot));
          } else if (random.nextBoolean()) {
            scene.put(new Input.AgentStarting(id, boot, binding.job(), epoch));
          } else {
            scene.put(new Input.AgentEnded(id, boot, binding.job(), epoch, result(), random.nextInt(12) == 0 ? "It could not clean up." : null));
          }
        }
        case TERMINATING, TERMINATED -> scene.put(new Input.ForWorker(id, new WorkerCommand.RecordGone(scene.now())));
      }
    }

    private PoolPolicy pool() {
      PoolTimes usual = PoolTimes.PROCESS;
      PoolTimes times = new PoolTimes(Duration.ofSeconds(20 + random.nextInt(3_600)), usual.maxJobTimeout(), Duration.ofSeconds(random.nextInt(60)),
          Duration.ofSeconds(1 + random.nextInt(30)), usual.gracefulTermination(), usual.createTimeout(), usual.connectTimeout(), usual.orphanCheckInterval());
      return Scene.pool(random.nextInt(3) == 0 ? WorkerMode.EPHEMERAL : WorkerMode.REUSABLE, 1 + random.nextInt(4), random.nextInt(4), random.nextInt(3) == 0, times);
    }

    private WorkerCommand wish() {
      return switch (random.nextInt(13)) {
        case 0 -> new WorkerCommand.RecordToken("hash");
        case 1 -> new WorkerCommand.RecordCreation(random.nextBoolean() ? "pid" : null);
        case 2 -> new WorkerCommand.RecordCreateFailure(JobReason.PROVISION_FAILED, "No.");
        case 3 -> new WorkerCommand.RecordExit("It exited.");
        case 4 -> new WorkerCommand.RecordGhost(random.nextInt(8));
        case 5 -> new WorkerCommand.ReportFailure("It failed.");
        case 6 -> new WorkerCommand.DrainWorker("ann");
        case 7 -> new WorkerCommand.DestroyWorker("ann");
        case 8 -> new WorkerCommand.RecordDestroyFailure("Busy.");
        case 9 -> new WorkerCommand.RecordBeat();
        case 10 -> new WorkerCommand.RecordClean();
        default -> new WorkerCommand.RecordGone(scene.now());
      };
    }

    private void time() {
      scene.gatewayReports = random.nextInt(8) > 0;
      scene.providerReports = random.nextInt(8) > 0;
      scene.silent.clear();
      if (random.nextInt(3) == 0) {
        scene.silent.add(worker());
      }
      switch (random.nextInt(30)) {
        case 0 -> scene.pass(Duration.ofSeconds(130));
        case 1 -> leap(Duration.ofHours(25));
        case 2 -> leap(Duration.ofDays(8));
        case 3, 4, 5 -> scene.pass(Duration.ofSeconds(20));
        default -> scene.pass(Duration.ofSeconds(random.nextInt(5)));
      }
    }

    private void leap(Duration time) {
      scene.jump(time);
      scene.tick();
      scene.tick();
    }

    private void restart() {
      met.add("restart");
      scene.tick();
      List<String> before = scene.shard().describe();
      int queued = scene.shard().queued("default");
      scene.restart();
      assertEquals(before, scene.shard().describe(), "the restored shard");
      assertEquals(queued, scene.shard().queued("default"), "its queue");
    }

    /// Nobody answers any more but a provider that destroys what it is told to destroy: every job must end by its deadlines alone.
    private void everythingEnds() {
      scene.gatewayReports = true;
      scene.providerReports = true;
      Instant end = scene.now().plus(Duration.ofDays(4));
      while (!scene.rows.jobs.isEmpty() && scene.now().isBefore(end)) {
        scene.put(new Input.SessionsSeen(Map.of()));
        scene.put(new Input.ProviderAlive("process", "p-1"));
        for (int i = 0; i < 25; i++) {
          leap(Duration.ofMillis(2_500));
        }
        scene.rows.workers.values().stream().filter(w -> w.state() == WorkerState.TERMINATING).map(Worker::id).toList()
            .forEach(id -> scene.put(new Input.ForWorker(id, new WorkerCommand.RecordGone(scene.now()))));
      }
      assertEquals(Map.of(), scene.rows.jobs, "jobs that never ended");
    }

    private Ask ask() {
      Ask ask = Ask.job(name()).priority(random.nextInt(3)).attempts(1 + random.nextInt(3));
      ask = random.nextInt(3) == 0 ? ask.key("k" + random.nextInt(4)) : ask;
      ask = random.nextInt(5) == 0 ? ask.command("false") : ask;
      ask = random.nextInt(4) == 0 ? ask.queueTimeout(Duration.ofSeconds(1 + random.nextInt(20))) : ask;
      ask = random.nextInt(4) == 0 ? ask.timeout(Duration.ofSeconds(1 + random.nextInt(20))) : ask;
      return random.nextInt(3) > 0 ? ask : ask.retry(new RetryPolicy(3, Duration.ofSeconds(random.nextInt(9)), Duration.ofSeconds(9),
          random.nextBoolean() ? List.of(1) : List.of(), random.nextBoolean() ? List.of("WORKER_LOST", "TIMEOUT") : List.of()));
    }

    private AttemptResult result() {
      return switch (random.nextInt(4)) {
        case 0 -> Steps.exit(1 + random.nextInt(2));
        case 1 -> AttemptResult.failure(JobReason.TIMEOUT, Category.TIMEOUT, "Too long.", "Wait.");
        case 2 -> new AttemptResult(JobReason.SIGNAL, null, null, 9, null, null, null);
        default -> Steps.SUCCESS;
      };
    }

    private String name() {
      return "j" + random.nextInt(12);
    }

    private WorkerId worker() {
      List<WorkerId> known = List.copyOf(scene.rows.workers.keySet());
      return known.isEmpty() || random.nextInt(20) == 0 ? new WorkerId("stray") : known.get(random.nextInt(known.size()));
    }
  }
}
