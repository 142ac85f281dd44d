package io.hodei.simulation;

import io.hodei.testkit.AttemptsWithinPolicy;
import io.hodei.testkit.CancelledMeansDead;
import io.hodei.testkit.EndsAsAsked;
import io.hodei.testkit.History;
import io.hodei.testkit.LegalPaths;
import io.hodei.testkit.Liveness;
import io.hodei.testkit.NoLeak;
import io.hodei.testkit.NoLostJob;
import io.hodei.testkit.NoTwoLiveExecutions;
import io.hodei.testkit.Promise;
import io.hodei.testkit.ProvedDead;
import io.hodei.testkit.SameKeySameJob;
import io.hodei.testkit.StartedAtMostOnce;
import io.hodei.testkit.Violation;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Runs worlds and judges them: each step by the [Witness], the whole by the checkers of the system tests. A broken promise is led back to the step
/// that broke it by living the same world again.
final class Simulation {
  /// Those that a moment can show to be broken.
  private static final List<Promise> SAFE = List.of(new StartedAtMostOnce(), new NoTwoLiveExecutions(), new AttemptsWithinPolicy(), new LegalPaths(), new NoLeak(),
      new ProvedDead(), new SameKeySameJob(), new CancelledMeansDead(), new EndsAsAsked());
  /// Those of which only the end tells.
  private static final List<Promise> LIVE = List.of(new NoLostJob(), new Liveness());

  /// What became of a world; `broken` null: all promises held. `met`: how often it had each event, end, timer and trouble.
  record Verdict(long seed, int jobs, long steps, long virtualMs, Map<String, Long> met, @Nullable Broken broken) {}

  private Simulation() {}

  static Verdict run(long seed, @Nullable Mutant mutant) {
    World world = new World(seed, mutant, null);
    world.run(Long.MAX_VALUE);
    Broken broken = world.witness.broken();
    if (broken == null) {
      History history = world.witness.history();
      Violation first = first(history, SAFE);
      broken = first != null ? ledBack(seed, mutant, first, world.clockwork.steps()) : of(first(history, LIVE), world.clockwork.steps());
    }
    return new Verdict(seed, world.witness.jobsOver(), world.clockwork.steps(), world.clockwork.now(), world.witness.met(), broken);
  }

  /// The same world again, with everything that happened up to `mostSteps`.
  static Trace trace(long seed, @Nullable Mutant mutant, long mostSteps) {
    Trace trace = new Trace();
    new World(seed, mutant, trace).run(mostSteps);
    return trace;
  }

  /// Seed, step, the broken promise in a sentence, and the last that was seen of who broke it.
  static String text(Verdict verdict, @Nullable Mutant mutant) {
    Broken broken = verdict.broken();
    if (broken == null) {
      return "seed " + verdict.seed() + ": " + verdict.jobs() + " jobs, " + verdict.steps() + " steps, " + verdict.virtualMs() / 1000 + " virtual seconds, no promise broken";
    }
    StringBuilder text = new StringBuilder("seed " + verdict.seed() + ", step " + broken.step() + ": " + broken + "\n");
    trace(verdict.seed(), mutant, broken.step()).about(broken.subject(), 40).forEach(line -> text.append("  ").append(line).append('\n'));
    return text.append("  again, with everything: ./hodei simulate --seed ").append(verdict.seed()).append(" --trace")
        .append(mutant == null ? "" : " --mutant " + mutant).toString();
  }

  private static @Nullable Violation first(History history, List<Promise> promises) {
    for (Promise promise : promises) {
      List<Violation> found = promise.check(history);
      if (!found.isEmpty()) {
        return found.getFirst();
      }
    }
    return null;
  }

  private static @Nullable Broken of(@Nullable Violation violation, long step) {
    return violation == null ? null : new Broken(violation.promise(), violation.subject(), violation.sentence(), step);
  }

  /// What is broken stays broken, so half of the steps can be left out each time.
  private static Broken ledBack(long seed, @Nullable Mutant mutant, Violation violation, long steps) {
    long whole = 0;
    long broken = steps;
    Broken result = new Broken(violation.promise(), violation.subject(), violation.sentence(), steps);
    while (broken - whole > 1) {
      long middle = whole + (broken - whole) / 2;
      World world = new World(seed, mutant, null);
      world.run(middle);
      Violation there = SAFE.stream().filter(promise -> promise.title().equals(violation.promise())).flatMap(promise -> promise.check(world.witness.history()).stream())
          .filter(each -> each.subject().equals(violation.subject())).findFirst().orElse(null);
      if (there == null) {
        whole = middle;
      } else {
        broken = middle;
        result = new Broken(there.promise(), there.subject(), there.sentence(), middle);
      }
    }
    return result;
  }
}
