package io.hodei.simulation;

import io.hodei.simulation.Simulation.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/// Many worlds, each on one thread, as many at once as there are processors.
final class Runs {
  /// What came of them all; `broken` in no order.
  record Total(long seeds, long jobs, long steps, long wallMs, Map<String, Long> met, List<Verdict> broken) {
    @Override
    public String toString() {
      return seeds + " worlds, " + jobs + " jobs, " + steps + " steps in " + wallMs / 1000 + " s: "
          + (broken.isEmpty() ? "no promise broken" : broken.size() + " broke a promise");
    }
  }

  private static final long TELL_NANOS = 4_000_000_000L;

  private Runs() {}

  /// Stops early when `mostBroken` have broken a promise.
  ///
  /// @param seedOf the seed of the n-th world, from 0
  /// @param progress told now and then
  static Total run(long count, LongUnaryOperator seedOf, @Nullable Mutant mutant, int mostBroken, Consumer<String> progress) throws InterruptedException {
    long start = System.nanoTime();
    AtomicLong next = new AtomicLong();
    AtomicLong done = new AtomicLong();
    AtomicLong told = new AtomicLong(start);
    AtomicLong jobs = new AtomicLong();
    AtomicLong steps = new AtomicLong();
    Counts met = new Counts();
    ConcurrentLinkedQueue<Verdict> broken = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    for (int thread = 0; thread < Runtime.getRuntime().availableProcessors(); thread++) {
      threads.add(Thread.ofPlatform().name("world-" + thread).start(() -> {
        long number;
        while ((number = next.getAndIncrement()) < count && broken.size() < mostBroken && failures.isEmpty()) {
          long seed = seedOf.applyAsLong(number);
          try {
            Verdict verdict = Simulation.run(seed, mutant);
            jobs.addAndGet(verdict.jobs());
            steps.addAndGet(verdict.steps());
            synchronized (met) {
              met.addAll(verdict.met());
            }
            if (verdict.broken() != null) {
              broken.add(verdict);
            }
          } catch (RuntimeException | Error e) {
            failures.add(new IllegalStateException("Expected world " + seed + " to live, but the simulator itself failed", e));
          }
          long worlds = done.incrementAndGet();
          long now = System.nanoTime();
          long before = told.get();
          if (now - before >= TELL_NANOS && told.compareAndSet(before, now)) {
            long seconds = (now - start) / 1_000_000_000;
            progress.accept(worlds + " of " + count + " worlds, " + jobs.get() + " jobs, " + broken.size() + " broke a promise; " + seconds + " s, "
                + seconds * (count - worlds) / worlds + " s to go");
          }
        }
      }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    Throwable failure = failures.peek();
    if (failure != null) {
      throw new IllegalStateException(failure);
    }
    return new Total(done.get(), jobs.get(), steps.get(), (System.nanoTime() - start) / 1_000_000, met.all(), List.copyOf(broken));
  }
}
