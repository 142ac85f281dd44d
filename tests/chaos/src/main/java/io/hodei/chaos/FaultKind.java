package io.hodei.chaos;

import io.hodei.testkit.Part;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// What may happen. The order is part of the plan: a new kind changes what a seed means.
enum FaultKind {
  DISPATCHER_KILLED(Part.DISPATCHER, How.KILL), LIFECYCLE_KILLED(Part.LIFECYCLE, How.KILL), GC_KILLED(Part.GC, How.KILL),
  AUDIT_KILLED(Part.AUDIT, How.KILL), API_KILLED(Part.API, How.KILL), BROKER_KILLED(Part.BROKER, How.KILL), REGISTRY_KILLED(Part.REGISTRY, How.KILL),
  POSTGRES_KILLED(Part.POSTGRES, How.KILL),
  DISPATCHER_FROZEN(Part.DISPATCHER, How.FREEZE), LIFECYCLE_FROZEN(Part.LIFECYCLE, How.FREEZE), GC_FROZEN(Part.GC, How.FREEZE),
  AUDIT_FROZEN(Part.AUDIT, How.FREEZE), API_FROZEN(Part.API, How.FREEZE), BROKER_FROZEN(Part.BROKER, How.FREEZE),
  DISPATCHER_FENCED(Part.DISPATCHER, How.FREEZE_LONG), AGENT_KILLED(null, How.KILL_AGENT), AGENT_FROZEN(null, How.FREEZE_AGENT),
  ALL_KILLED(null, How.KILL_ALL);

  /// KILL: SIGKILL, and back after `length`. FREEZE: SIGSTOP for 5 to 20 s. FREEZE_LONG: beyond the transaction timeout of 10 s. FREEZE_AGENT: for good,
  /// which is beyond its lease.
  enum How { KILL, FREEZE, FREEZE_LONG, KILL_AGENT, FREEZE_AGENT, KILL_ALL }

  private final @Nullable Part part;
  private final How how;

  FaultKind(@Nullable Part part, How how) {
    this.part = part;
    this.how = how;
  }

  How how() {
    return how;
  }

  /// The part it happens to.
  Part part() {
    if (part == null) {
      throw new IllegalStateException(this + " happens to no part");
    }
    return part;
  }

  boolean hasPart() {
    return part != null;
  }

  /// In words: `dispatcher killed`.
  String words() {
    String target = part == null ? how == How.KILL_ALL ? "everything" : "an agent" : part.label();
    return target + switch (how) {
      case KILL, KILL_AGENT, KILL_ALL -> " killed";
      case FREEZE, FREEZE_AGENT -> " frozen";
      case FREEZE_LONG -> " frozen beyond its transactions";
    };
  }

  /// How long it lasts before it is mended.
  Duration length(Random random) {
    return switch (how) {
      case KILL, KILL_ALL -> Duration.ofMillis(random.nextInt(8_000));
      case FREEZE -> Duration.ofMillis(5_000 + random.nextInt(15_000));
      case FREEZE_LONG -> Duration.ofMillis(13_000 + random.nextInt(9_000));
      case KILL_AGENT, FREEZE_AGENT -> Duration.ZERO;
    };
  }
}
