package io.hodei.simulation;

import io.hodei.domain.DestroyCause;
import io.hodei.domain.Job;
import io.hodei.domain.JobEvent;
import io.hodei.domain.JobState;
import io.hodei.domain.PoolPolicy;
import io.hodei.domain.Recorded;
import io.hodei.domain.TerminationReason;
import io.hodei.domain.Worker;
import io.hodei.domain.WorkerEvent;
import io.hodei.domain.WorkerId;
import io.hodei.domain.WorkerMode;
import io.hodei.domain.WorkerState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a pool, a flag or somebody has laid down for workers: how many jobs one may have, for how long it may take them, whether it is kept, that
/// a drained one takes no other, and that none is held by an attempt that is over.
final class PoolWatch {
  private static final long TURN_MS = 1_000;

  private record Over(WorkerId worker, String job, long epoch) {}

  private final World world;
  private final Map<String, JobState> ends = new HashMap<>();
  private final List<Over> over = new ArrayList<>();
  private final List<WorkerId> drainedNow = new ArrayList<>();
  private final Set<WorkerId> drained = new HashSet<>();
  private boolean canaryOff;

  PoolWatch(World world) {
    this.world = world;
  }

  private boolean hasItsPool() {
    return !world.climate.has(Trouble.POOL_CHANGES);
  }

  /// A drain is decided. It counts from the next transaction on: in the same one a job may have come before it.
  void drained(WorkerId id) {
    Worker row = world.broker.workers.get(id);
    if (row != null && (row.state() == WorkerState.READY || row.state() == WorkerState.BUSY)) {
      drainedNow.add(id);
    }
  }

  /// `off`: workers are left to garbage collection, before and after the transaction that is committed now.
  void immediateCleanup(boolean off) {
    canaryOff = off;
  }

  void recorded(Recorded.OfJob event) {
    switch (event.event()) {
      case JobEvent.JobAttemptEnded ended -> over.add(new Over(ended.assignment().worker(), event.after().id().value(), ended.assignment().epoch()));
      case JobEvent.JobCompleted completed -> {
        ends.put(event.after().id().value(), completed.state());
        Job before = event.before();
        if (before != null && before.assignment() != null) {
          over.add(new Over(before.assignment().worker(), before.id().value(), before.assignment().epoch()));
        }
      }
      default -> {
      }
    }
  }

  void recorded(Recorded.OfWorker event) {
    switch (event.event()) {
      case WorkerEvent.WorkerBusy busy -> busy(event);
      case WorkerEvent.WorkerTerminating gone when gone.ending().reason() == TerminationReason.JOB_COMPLETED
          && event.after().head().attemptEndedAt() != null && event.before() != null && event.before().state() == WorkerState.BUSY -> ended(event, gone);
      default -> {
      }
    }
  }

  private void busy(Recorded.OfWorker event) {
    WorkerId id = event.after().id();
    PoolPolicy pool = world.climate.defaultPool();
    int run = event.after().head().jobsRun();
    if (hasItsPool() && pool.maxJobs() > 0 && run >= pool.maxJobs()) {
      world.witness.broken("MaxJobsKept", id.value(), "it gets its job number " + (run + 1) + ", but its pool allows " + pool.maxJobs());
    }
    if (hasItsPool() && pool.mode() == WorkerMode.REUSABLE && run > 0 && world.weather.isFair(world.clockwork.now())
        && event.at().isAfter(event.after().head().createdAt().plus(pool.times().maxLifetime()).plusMillis(TURN_MS))) {
      world.witness.broken("LivesNoLonger", id.value(), "it gets another job, but it is there since " + event.after().head().createdAt() + " and its maxLifetime is "
          + pool.times().maxLifetime());
    }
    if (drained.contains(id)) {
      world.witness.broken("DrainedTakesNoOther", id.value(), "it gets a job, but it was drained before");
    }
  }

  private void ended(Recorded.OfWorker event, WorkerEvent.WorkerTerminating gone) {
    String id = event.after().id().value();
    PoolPolicy pool = world.climate.defaultPool();
    JobState end = event.after().head().binding() == null ? null : ends.get(event.after().head().binding().job().value());
    if (hasItsPool() && pool.keepOnFailure() && pool.times().ttlAfterCompletion().isPositive() && (end == JobState.FAILED || end == JobState.TIMEOUT)) {
      world.witness.broken("KeptForALook", id, "it goes at the end of its attempt, but its job is " + end + ", and its pool keeps what such a job leaves");
    }
    if (canaryOff && gone.ending().cause() == DestroyCause.IMMEDIATE) {
      world.witness.broken("SwitchesHold", id, "it is destroyed on the end of its attempt, but the flags leave it to garbage collection");
    }
  }

  /// After a commit.
  void compare() {
    drained.addAll(drainedNow);
    drainedNow.clear();
    for (Over each : over) {
      Worker row = world.broker.workers.get(each.worker());
      if (row != null && row.head().binding() != null && row.head().binding().epoch() == each.epoch() && row.head().binding().job().value().equals(each.job())
          && (row.state() == WorkerState.CREATING || row.state() == WorkerState.CONNECTING || row.state() == WorkerState.BUSY)) {
        world.witness.broken("FreeWhenOver", each.worker().value(), "it is " + row.state() + " with an attempt of " + each.job() + " that is over");
      }
    }
    over.clear();
  }
}
