package io.hodei.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A worker: one record per state. Every state but the last has a `deadline`, after which something is done about it.
public sealed interface Worker {
  WorkerHead head();

  WorkerState state();

  default WorkerId id() {
    return head().id();
  }

  /// When its state is overdue; null: never.
  @Nullable Instant deadline();

  record Creating(WorkerHead head, Instant deadline) implements Worker {
    @Override
    public WorkerState state() {
      return WorkerState.CREATING;
    }
  }

  record Connecting(WorkerHead head, Instant deadline) implements Worker {
    @Override
    public WorkerState state() {
      return WorkerState.CONNECTING;
    }
  }

  /// Connected. Idle when it has no attempt, until `deadline`.
  record Ready(WorkerHead head, Instant deadline) implements Worker {
    @Override
    public WorkerState state() {
      return WorkerState.READY;
    }
  }

  /// Has its attempt; `deadline` is for the start before it, for the end after it.
  record Busy(WorkerHead head, Instant deadline) implements Worker {
    @Override
    public WorkerState state() {
      return WorkerState.BUSY;
    }
  }

  /// Ends its attempt and takes no other; or is kept for somebody to look at, after its attempt has ended, until `deadline`.
  record Draining(WorkerHead head, Instant deadline) implements Worker {
    @Override
    public WorkerState state() {
      return WorkerState.DRAINING;
    }

    public boolean isKept() {
      return head.attemptEndedAt() != null;
    }
  }

  /// Its destruction was asked for `tries` times, and will be again at `deadline`. None: it is held, for garbage collection or since the
  /// lifecycle is switched off.
  record Terminating(WorkerHead head, Ending ending, int tries, Instant deadline) implements Worker {
    @Override
    public WorkerState state() {
      return WorkerState.TERMINATING;
    }

    boolean isHeld() {
      return tries == 0;
    }

    /// It was kept until now: its attempt had ended, and not that is why it is destroyed.
    boolean wasKept() {
      return head.attemptEndedAt() != null && ending.reason() != TerminationReason.JOB_COMPLETED;
    }
  }

  /// Seen gone at `goneAt`. `finishedToDestroyedMs` is null when it went before its attempt ended. `deadline` is when its row is forgotten.
  record Terminated(WorkerHead head, Ending ending, Instant goneAt, @Nullable Long finishedToDestroyedMs, @Nullable Instant cleanedAt,
      @Nullable Instant deadline) implements Worker {
    @Override
    public WorkerState state() {
      return WorkerState.TERMINATED;
    }
  }

  /// Holds a slot of its pool. One that is kept has given its slot away, and does not get it back for its destruction.
  default boolean holdsSlot() {
    return switch (this) {
      case Draining worker -> !worker.isKept();
      case Terminating worker -> !worker.wasKept();
      case Terminated worker -> false;
      case Creating worker -> true;
      case Connecting worker -> true;
      case Ready worker -> true;
      case Busy worker -> true;
    };
  }

  /// Connected, and without an attempt.
  default boolean isIdle() {
    return state() == WorkerState.READY && head().binding() == null;
  }

  /// Its agent was connected and must still live.
  default boolean isConnected() {
    return switch (state()) {
      case READY, BUSY -> true;
      case DRAINING -> holdsSlot();
      case CREATING, CONNECTING, TERMINATING, TERMINATED -> false;
    };
  }
}
