package io.hodei.simulation;

import io.hodei.domain.PoolPolicy;
import io.hodei.domain.PoolTimes;
import io.hodei.domain.WorkerMode;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What kind of world a seed makes: how many jobs, which pool, which troubles, how fast everything is. Shares are per mille, times milliseconds.
/// When it is calmed, nothing more goes wrong.
final class Climate {
  private final Set<Trouble> troubles = EnumSet.noneOf(Trouble.class);
  private final boolean quietFromTheStart;
  private final int jobs;
  private final int providers;
  private final long spacing;
  private final long tickMs;
  private final long readDelay;
  private final long skew;
  private final long lifecycleSkew;
  private final long gcSkew;
  private final long troubleEvery;
  private final int rate;
  private final PoolPolicy pool;
  private boolean calm;

  Climate(Dice dice) {
    int mood = dice.below(20);
    quietFromTheStart = mood == 0;
    for (Trouble trouble : Trouble.values()) {
      if (!quietFromTheStart && (mood < 8 ? dice.oneIn(8) : dice.oneIn(2))) {
        troubles.add(trouble);
      }
    }
    jobs = dice.oneIn(10) ? 10 : 80 + dice.below(90);
    providers = dice.oneIn(4) ? 2 : 1;
    spacing = dice.of(List.of(5L, 50L, 200L, 600L, 2_000L));
    tickMs = dice.of(List.of(100L, 200L, 200L, 500L));
    boolean slow = troubles.contains(Trouble.DELAYS);
    readDelay = slow ? dice.of(List.of(20L, 200L, 1_500L)) : 5;
    boolean skewed = troubles.contains(Trouble.SKEW);
    skew = skewed ? dice.between(-2_000, 2_000) : 0;
    lifecycleSkew = skewed ? dice.between(-2_000, 2_000) : 0;
    gcSkew = skewed ? dice.between(-2_000, 2_000) : 0;
    troubleEvery = dice.of(List.of(1_500L, 4_000L, 10_000L));
    rate = dice.of(List.of(5, 20, 80));
    PoolTimes usual = PoolTimes.PROCESS;
    PoolTimes times = new PoolTimes(usual.maxLifetime(), usual.maxJobTimeout(), Duration.ofSeconds(dice.below(20)), Duration.ofSeconds(1 + dice.below(15)),
        Duration.ofSeconds(1 + dice.below(10)), Duration.ofSeconds(10 + dice.below(50)), Duration.ofSeconds(10 + dice.below(50)), usual.orphanCheckInterval());
    pool = new PoolPolicy("default", "process", dice.oneIn(3) ? WorkerMode.REUSABLE : WorkerMode.EPHEMERAL, 1 + dice.below(dice.oneIn(3) ? 40 : 8),
        1 + dice.below(12), dice.oneIn(3) ? dice.below(5) : 0, true, true, dice.oneIn(6), Map.of(), times, 1);
  }

  boolean has(Trouble trouble) {
    return troubles.contains(trouble);
  }

  Set<Trouble> troubles() {
    return troubles;
  }

  /// Not a single trouble: every job ends as its command does.
  boolean isQuietFromTheStart() {
    return quietFromTheStart;
  }

  void calm() {
    calm = true;
  }

  boolean isCalm() {
    return calm;
  }

  int jobs() {
    return jobs;
  }

  int providers() {
    return providers;
  }

  PoolPolicy defaultPool() {
    return pool;
  }

  /// Between two submissions, on average.
  long spacing() {
    return spacing;
  }

  long troubleEvery() {
    return troubleEvery;
  }

  long tickMs() {
    return tickMs;
  }

  /// The longest time until somebody reads what is there.
  long readDelay() {
    return calm ? 5 : readDelay;
  }

  long commitDelay(Dice dice) {
    return !calm && has(Trouble.DELAYS) && dice.oneIn(50) ? dice.between(100, 3_000) : dice.between(1, 10);
  }

  /// A message on the network.
  long hop(Dice dice) {
    return !calm && has(Trouble.DELAYS) && dice.oneIn(20) ? dice.between(50, 2_000) : dice.between(1, 5);
  }

  long providerTime(Dice dice) {
    return !calm && has(Trouble.SLOW_PROVIDER) && dice.oneIn(4) ? dice.between(500, 40_000) : dice.between(5, 120);
  }

  long listingTime(Dice dice) {
    return !calm && has(Trouble.STALE_LISTINGS) && dice.oneIn(3) ? dice.between(1_000, 25_000) : dice.between(1, 200);
  }

  private int share(Trouble trouble) {
    return !calm && has(trouble) ? rate : 0;
  }

  int createFailures() {
    return share(Trouble.FAILING_PROVIDER) * 2;
  }

  /// They live and never call.
  int hungAgents() {
    return share(Trouble.FAILING_PROVIDER);
  }

  int destroyFailures() {
    return share(Trouble.FAILING_PROVIDER) * 2;
  }

  int lostAnswers() {
    return share(Trouble.LOST_ANSWERS) * 2;
  }

  int listingFailures() {
    return share(Trouble.BROKEN_LISTINGS) * 5;
  }

  int lostCalls() {
    return share(Trouble.LOST_CALLS);
  }

  /// The record may be there, its writer does not know.
  int lostAcknowledgements() {
    return share(Trouble.REPEATS);
  }

  int repeats() {
    return share(Trouble.REPEATS) * 4;
  }

  /// Of jobs.
  int cancels() {
    return has(Trouble.CANCELS) ? 150 : 0;
  }

  long dispatcherSkew() {
    return skew;
  }

  long lifecycleSkew() {
    return lifecycleSkew;
  }

  long gcSkew() {
    return gcSkew;
  }
}
