package io.hodei.simulation;

import io.hodei.domain.PoolPolicy;
import io.hodei.domain.PoolTemplate;
import io.hodei.domain.PoolTimes;
import io.hodei.domain.WorkerMode;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What kind of world a seed makes: how many jobs, which pool, which troubles, how fast everything is. Shares are per mille, times milliseconds.
/// When it is calmed, nothing more goes wrong.
final class Climate {
  private static final int ORDERLY = 1;

  private final Set<Trouble> troubles = EnumSet.noneOf(Trouble.class);
  private final boolean quietFromTheStart;
  private final boolean orderly;
  private final boolean longLives;
  private final boolean containers;
  private final boolean docker;
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
  private final boolean rough;
  private final PoolPolicy pool;
  private final Map<Trouble, Long> struck = new EnumMap<>(Trouble.class);
  private boolean calm;

  Climate(Dice dice, @Nullable Mutant mutant) {
    int drawn = dice.below(20);
    int mood = Mutations.needsOrder(mutant) ? ORDERLY : drawn;
    quietFromTheStart = mood == 0;
    orderly = mood == ORDERLY || mood == 2;
    longLives = mood >= 18;
    for (Trouble trouble : Trouble.ANYWHERE) {
      if (!quietFromTheStart && dice.oneIn(orderly ? Trouble.RARE.contains(trouble) ? 6 : 2 : mood < 8 || longLives ? 8 : 2)
          && (!orderly || Trouble.ORDERLY.contains(trouble))) {
        troubles.add(trouble);
      }
    }
    if (orderly) {
      troubles.add(Trouble.INTRUDER);
    }
    if (longLives) {
      troubles.addAll(List.of(Trouble.AGENT_DIES, Trouble.LIFECYCLE_DIES, Trouble.HOST_LOSES_OURS));
    }
    rough = troubles.stream().anyMatch(trouble -> Trouble.ALL_THE_TIME.contains(trouble) && trouble != Trouble.CANCELS);
    containers = longLives && dice.oneIn(2);
    docker = containers || mutant == Mutant.SILENCE_PROVES;
    jobs = longLives ? 15 + dice.below(25) : dice.oneIn(10) ? 10 : 80 + dice.below(90);
    providers = longLives || dice.oneIn(4) ? 2 : 1;
    spacing = longLives ? 10_000 : dice.of(List.of(5L, 50L, 200L, 600L, 2_000L));
    tickMs = dice.of(List.of(100L, 200L, 200L, 500L));
    boolean slow = troubles.contains(Trouble.DELAYS);
    readDelay = slow ? dice.of(List.of(20L, 200L, 1_500L)) : 5;
    boolean skewed = troubles.contains(Trouble.SKEW);
    skew = skewed ? dice.between(-2_000, 2_000) : 0;
    lifecycleSkew = skewed ? dice.between(-2_000, 2_000) : 0;
    gcSkew = skewed ? dice.between(-2_000, 2_000) : 0;
    troubleEvery = dice.of(List.of(1_500L, 4_000L, 10_000L));
    rate = dice.of(List.of(5, 20, 80));
    PoolTimes usual = PoolTimes.of(provider());
    Duration lifetime = orderly && dice.oneIn(2) ? Duration.ofSeconds(3 + dice.below(12)) : usual.maxLifetime();
    PoolTimes times = new PoolTimes(lifetime, usual.maxJobTimeout(), Duration.ofSeconds(dice.below(20)), Duration.ofSeconds(1 + dice.below(15)),
        Duration.ofSeconds(1 + dice.below(10)), Duration.ofSeconds(10 + dice.below(50)), Duration.ofSeconds(10 + dice.below(50)), usual.orphanCheckInterval());
    pool = new PoolPolicy("default", List.of(provider()), !docker && dice.oneIn(orderly ? 2 : 3) ? WorkerMode.REUSABLE : WorkerMode.EPHEMERAL,
        (longLives ? 4 : 1) + dice.below(dice.oneIn(3) ? 40 : 8), 1 + dice.below(12), dice.oneIn(3) ? dice.below(5) : 0, true, true, dice.oneIn(6),
        new PoolTemplate(docker ? "an-image" : null, null, Map.of()), times, 1);
  }

  boolean has(Trouble trouble) {
    return troubles.contains(trouble);
  }

  /// What it is like, in words.
  @Override
  public String toString() {
    return (longLives ? "long lives, " : orderly ? "orderly, " : "") + jobs + " jobs, " + providers + " × " + provider() + ", pool of " + pool.maxWorkers() + " " + pool.mode().wire() + ", troubles "
        + (troubles.isEmpty() ? "none" : String.join(" ", troubles.stream().map(Trouble::name).toList()));
  }

  Set<Trouble> troubles() {
    return troubles;
  }

  /// Something is wrong all the time, or clocks are.
  boolean isRough() {
    return rough && !calm || has(Trouble.SKEW);
  }

  /// Not a single trouble: every job ends as its command does.
  boolean isQuietFromTheStart() {
    return quietFromTheStart;
  }

  /// All its parts work.
  boolean isOrderly() {
    return orderly;
  }

  /// Its jobs run for minutes, and so do its troubles.
  boolean hasLongLives() {
    return longLives;
  }

  /// The type of its provider instances.
  String provider() {
    return docker ? "docker" : "process";
  }

  /// The beginning of a pool's JSON.
  String poolKind() {
    return docker ? "\"providers\":[\"docker\"],\"template\":{\"image\":\"an-image\"}," : "";
  }

  /// What an agent has started ends with it, and stands still with it.
  boolean hasContainers() {
    return containers;
  }

  /// Until the calm, at the least.
  long shortestStorm() {
    return longLives ? 600_000 : 0;
  }

  long longestStorm() {
    return longLives ? 900_000 : 240_000;
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
    return isSlow(dice, Trouble.DELAYS, 50) ? dice.between(100, 3_000) : dice.between(1, 10);
  }

  /// A message on the network.
  long hop(Dice dice) {
    return isSlow(dice, Trouble.DELAYS, 20) ? dice.between(50, 2_000) : dice.between(1, 5);
  }

  long providerTime(Dice dice) {
    return isSlow(dice, Trouble.SLOW_PROVIDER, 4) ? dice.between(500, 40_000) : dice.between(5, 120);
  }

  long listingTime(Dice dice) {
    return isSlow(dice, Trouble.STALE_LISTINGS, 3) ? dice.between(1_000, 25_000) : dice.between(1, 200);
  }

  private boolean isSlow(Dice dice, Trouble trouble, int oneIn) {
    return !calm && has(trouble) && struck(trouble, dice.oneIn(oneIn));
  }

  /// Whether it happens this time.
  private boolean strikes(Dice dice, Trouble trouble, int times) {
    return !calm && has(trouble) && struck(trouble, dice.perMille(rate * times));
  }

  private boolean struck(Trouble trouble, boolean hit) {
    if (hit) {
      strike(trouble);
    }
    return hit;
  }

  /// It has befallen something that was under way.
  void strike(Trouble trouble) {
    struck.merge(trouble, 1L, Long::sum);
  }

  /// How often each has befallen something that was under way.
  Map<Trouble, Long> struck() {
    return struck;
  }

  boolean createFails(Dice dice) {
    return strikes(dice, Trouble.FAILING_PROVIDER, 2);
  }

  /// They live and never call.
  boolean agentHangs(Dice dice) {
    return strikes(dice, Trouble.FAILING_PROVIDER, 1);
  }

  boolean destroyFails(Dice dice) {
    return strikes(dice, Trouble.FAILING_PROVIDER, 2);
  }

  boolean losesAnswer(Dice dice) {
    return strikes(dice, Trouble.LOST_ANSWERS, 2);
  }

  boolean listingBreaks(Dice dice) {
    return strikes(dice, Trouble.BROKEN_LISTINGS, 5);
  }

  boolean losesCall(Dice dice) {
    return strikes(dice, Trouble.LOST_CALLS, 1);
  }

  /// The record may be there, its writer does not know.
  boolean losesAcknowledgement(Dice dice) {
    return strikes(dice, Trouble.REPEATS, 1);
  }

  boolean repeats(Dice dice) {
    return strikes(dice, Trouble.REPEATS, 4);
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
