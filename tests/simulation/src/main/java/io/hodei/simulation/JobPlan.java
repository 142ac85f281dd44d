package io.hodei.simulation;

import io.hodei.domain.Reading;
import io.hodei.domain.RequestReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One job of a world: what is asked for, and what its processes do.
final class JobPlan {
  private static final Duration LONG = Duration.ofHours(23);
  private static final int MAX_PRIORITY = 2;
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(5);

  enum Kind { OK, FAILS, FAILS_FIRST, HANGS, KILLS_ITS_AGENT }

  private final String name;
  private final @Nullable String id;
  private final @Nullable String key;
  private final Kind kind;
  private final long duration;
  private final long timeoutMs;
  private final boolean shortQueue;
  private final boolean stubborn;
  private final boolean cancelled;
  private final int maxAttempts;
  private final Duration queueTimeout;
  private final int priority;
  private final int backoff;
  private final Reading reading;
  private @Nullable String job;
  private boolean acknowledged;
  private boolean cancelDecided;
  private boolean spared;

  JobPlan(Dice dice, Climate climate, @Nullable Mutant mutant, int number) {
    name = "j" + number;
    key = dice.oneIn(3) ? "k" + number : null;
    id = key != null && !climate.isQuietFromTheStart() && dice.oneIn(4) ? null : name;
    int roll = dice.below(20);
    kind = roll < 12 ? Kind.OK : roll < 14 ? Kind.FAILS : roll < 17 ? Kind.FAILS_FIRST : roll < 19 ? Kind.HANGS
        : climate.has(Trouble.AGENT_DIES) ? Kind.KILLS_ITS_AGENT : Kind.OK;
    boolean longLife = climate.hasLongLives() && !dice.oneIn(4);
    duration = longLife ? dice.between(60_000, 600_000) : dice.oneIn(12) ? dice.between(5_000, 30_000) : dice.between(5, 2_500);
    timeoutMs = kind == Kind.HANGS ? longLife ? dice.between(60_000, 300_000) : dice.between(1_000, 6_000) : longLife ? 1_200_000 : 60_000;
    shortQueue = !climate.isQuietFromTheStart() && dice.oneIn(15);
    stubborn = dice.oneIn(5);
    cancelled = dice.perMille(climate.cancels());
    maxAttempts = dice.of(List.of(1, 1, 2, 3));
    queueTimeout = shortQueue ? Duration.ofMillis(dice.between(200, 8_000)) : LONG;
    priority = dice.below(MAX_PRIORITY + 1);
    backoff = dice.below(3);
    reading = read(false, mutant == Mutant.QUEUE_TIMEOUT_LATE ? queueTimeout.plusSeconds(60) : queueTimeout,
        mutant == Mutant.PRIORITY_REVERSED ? MAX_PRIORITY - priority : priority, backoff);
    job = id;
  }

  private Reading read(boolean other, Duration queueTimeout, int priority, int backoff) {
    Map<String, Object> request = new LinkedHashMap<>();
    if (id != null) {
      request.put("id", id);
    }
    request.put("command", List.of(other ? "something-else" : "true"));
    request.put("timeout", timeoutMs + "ms");
    request.put("queueTimeout", queueTimeout.toMillis() + "ms");
    request.put("priority", priority);
    Map<String, Object> retry = new LinkedHashMap<>();
    retry.put("maxAttempts", maxAttempts);
    retry.put("backoff", backoff + "s");
    retry.put("maxBackoff", LONGEST_BACKOFF.toSeconds() + "s");
    request.put("retry", retry);
    if (key != null) {
      request.put("idempotencyKey", key);
    }
    return RequestReader.read(request);
  }

  String name() {
    return name;
  }

  /// Null: it gets one by its record's place.
  @Nullable String id() {
    return id;
  }

  @Nullable String key() {
    return key;
  }

  Kind kind() {
    return kind;
  }

  Reading reading() {
    return reading;
  }

  /// The same id or key with another body.
  Reading conflicting() {
    return read(true, LONG, 0, 0);
  }

  long durationOf(int attempt) {
    return kind == Kind.HANGS ? 100_000_000 : duration;
  }

  int exitOf(int attempt) {
    return switch (kind) {
      case OK, HANGS, KILLS_ITS_AGENT -> 0;
      case FAILS -> 3;
      case FAILS_FIRST -> attempt == 1 ? 7 : 0;
    };
  }

  boolean isStubborn() {
    return stubborn;
  }

  boolean killsItsAgent() {
    return kind == Kind.KILLS_ITS_AGENT;
  }

  boolean isCancelled() {
    return cancelled;
  }

  /// How long it may wait for a worker.
  Duration queueTimeout() {
    return queueTimeout;
  }

  int priority() {
    return priority;
  }

  /// How long the next attempt waits after this one has failed.
  Duration backoffAfter(int attempt) {
    Duration doubled = Duration.ofSeconds((long) backoff << attempt - 1);
    return doubled.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : doubled;
  }

  int maxAttempts() {
    return maxAttempts;
  }

  /// What it has become; null while no record of it was written.
  @Nullable String job() {
    return job;
  }

  void became(String other) {
    if (job == null) {
      job = other;
    }
  }

  boolean isAcknowledged() {
    return acknowledged;
  }

  void acknowledge() {
    acknowledged = true;
  }

  boolean isCancelDecided() {
    return cancelDecided;
  }

  /// A cancellation was put to the dispatcher while the job was not over.
  void cancelDecided() {
    cancelDecided = true;
  }

  /// It ended, and from its request on nothing had befallen anybody who had to do with it.
  void spared() {
    spared = true;
  }

  /// As the test-kit's EndsAsAsked wants them: a state, or a state and a reason.
  Set<String> endings(Climate climate) {
    Set<String> allowed = new HashSet<>(switch (kind) {
      case OK -> Set.of("SUCCEEDED");
      case FAILS -> Set.of("FAILED/EXIT_CODE");
      case FAILS_FIRST -> Set.of(maxAttempts > 1 ? "SUCCEEDED" : "FAILED/EXIT_CODE");
      case HANGS -> Set.of("TIMEOUT/TIMEOUT");
      case KILLS_ITS_AGENT -> Set.of("FAILED/WORKER_LOST", "SUCCEEDED");
    });
    if (cancelled) {
      allowed.add("CANCELLED/CANCELLED");
    }
    if (shortQueue) {
      allowed.add("TIMEOUT/QUEUE_TIMEOUT");
    }
    if (!climate.isQuietFromTheStart() && !spared) {
      allowed.addAll(new ArrayList<>(List.of("FAILED/WORKER_LOST", "FAILED/PROVISION_FAILED", "FAILED/START_FAILED", "FAILED/MAX_LIFETIME", "TIMEOUT/TIMEOUT")));
      if (kind == Kind.FAILS_FIRST) {
        allowed.add("FAILED/EXIT_CODE");
        allowed.add("SUCCEEDED");
      }
    }
    if (climate.has(Trouble.POOL_CHANGES)) {
      allowed.add("FAILED/REFUSED");
    }
    return allowed;
  }
}
