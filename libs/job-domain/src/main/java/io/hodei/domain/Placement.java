package io.hodei.domain;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Where a pool's next job goes: to an idle worker that is made as it has to be, else to a new one on the first provider instance that is there and
/// heard, of the types in the order of the pool, while the pool has room.
final class Placement {
  private final PoolPolicy pool;
  private final Rows rows;
  private final ShardLimits limits;
  private final Supplier<String> workerIds;
  private final @Nullable Provider provider;

  Placement(PoolPolicy pool, Rows rows, Leases leases, ShardLimits limits, Supplier<String> workerIds) {
    this.pool = pool;
    this.rows = rows;
    this.limits = limits;
    this.workerIds = workerIds;
    this.provider = provider(leases);
  }

  private @Nullable Provider provider(Leases leases) {
    for (String type : pool.providers()) {
      for (Provider each : rows.providers()) {
        if (each.type().equals(type) && !each.isAway() && leases.hears(each.id(), limits.providerSilence())) {
          return each;
        }
      }
    }
    return null;
  }

  /// Null when it has to wait.
  @Nullable JobCommand of(JobId next) {
    WorkerId idle = pool.mode() == WorkerMode.REUSABLE ? idleFor(next) : null;
    if (idle != null) {
      return new JobCommand.BindJob(idle);
    }
    Provider on = provider;
    if (on == null || rows.slotsOf(pool.name()) >= pool.maxWorkers() || rows.creatingOf(pool.name(), on.id()) >= pool.maxCreating()) {
      return null;
    }
    return new JobCommand.ScheduleJob(new WorkerId(workerIds.get()), on.type(), on.id());
  }

  private @Nullable WorkerId idleFor(JobId id) {
    Job job = rows.job(id);
    if (job != null && rows.longestIdleOf(pool.name()) != null) {
      for (String type : pool.providers()) {
        WorkerId idle = rows.idleOf(pool.name(), type, pool.template().shapeOf(job.head().spec(), type));
        if (idle != null) {
          return idle;
        }
      }
    }
    return null;
  }

  /// When all slots are held and none of them is about to be free: the worker that has been idle for longest, which the next job cannot use.
  @Nullable WorkerId inTheWay() {
    return provider != null && rows.leavingOf(pool.name()) == 0 && rows.slotsOf(pool.name()) >= pool.maxWorkers() ? rows.longestIdleOf(pool.name()) : null;
  }
}
