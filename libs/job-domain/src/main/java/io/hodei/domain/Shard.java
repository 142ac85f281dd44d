package io.hodei.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// All jobs, workers and pools of one partition, and what follows from each input. Deterministic: time and ids are arguments. One
/// thread.
public final class Shard {
  private final Rows rows = new Rows();
  private final Leases leases = new Leases();
  private final Map<String, PoolPolicy> pools = new LinkedHashMap<>();
  private final ShardLimits limits;
  private final Supplier<String> workerIds;
  private final Rules rules;
  private Flags flags = Flags.ON;
  private Instant now = Instant.EPOCH;
  private Instant nextSweep = Instant.EPOCH;

  public Shard(ShardLimits limits, Supplier<String> workerIds) {
    this(limits, workerIds, Rules.REAL);
  }

  /// For tests that break a rule.
  public Shard(ShardLimits limits, Supplier<String> workerIds, Rules rules) {
    this.limits = limits;
    this.workerIds = workerIds;
    this.rules = rules;
  }

  /// A row as it was stored, before the first input.
  public void restore(Job job, Instant at) {
    rows.put(job, at);
  }

  public void restore(Worker worker) {
    rows.put(worker.id(), worker);
  }

  public void restore(String key, Remembered entry) {
    rows.put(key, entry);
  }

  public void restore(ParkedCancel cancel) {
    rows.put(cancel.job(), cancel);
  }

  public void restore(Provider provider) {
    rows.put(provider);
  }

  /// Applies a pool; what is there goes on under the new one.
  public void apply(PoolPolicy pool) {
    pools.put(pool.name(), pool);
  }

  /// Applies the flags; what was decided before stays.
  public void apply(Flags changed) {
    flags = changed;
  }

  public Flags flags() {
    return flags;
  }

  public @Nullable PoolPolicy pool(String name) {
    return pools.get(name);
  }

  public Collection<Job> openJobs() {
    return Collections.unmodifiableCollection(rows.jobs());
  }

  public Collection<Worker> workers() {
    return Collections.unmodifiableCollection(rows.workers());
  }

  /// Every instance that has told of itself.
  public Collection<Provider> providers() {
    return Collections.unmodifiableCollection(rows.providers());
  }

  /// Jobs of `pool` that could start now.
  public int queued(String pool) {
    return rows.queue(pool).size();
  }

  /// Decides one input, and what can be scheduled in consequence. When it throws, `outcome` holds exactly what was applied.
  public void handle(Input input, Cause cause, Instant at, Outcome outcome) {
    advance(at);
    commit(decided(input, cause), outcome);
    schedule(outcome);
  }

  /// What is due at `at`: deadlines, leases, backoffs, forgettings. When it throws, `outcome` holds exactly what was applied.
  public void tick(Instant at, Outcome outcome) {
    advance(at);
    fireJobs(outcome);
    fireWorkers(outcome);
    forget(outcome);
    if (!now.isBefore(nextSweep)) {
      nextSweep = now.plusMillis(500);
      sweepLeases(outcome);
      sweepUnreachable(outcome);
      sweepProviders(outcome);
    }
    schedule(outcome);
  }

  private void advance(Instant at) {
    if (at.isAfter(now)) {
      now = at;
    }
    leases.awake(now);
  }

  private Turn turn(Cause cause) {
    return new Turn(rows, pools, limits, rules, flags, now, cause);
  }

  private Turn decided(Input input, Cause cause) {
    Turn turn = turn(cause);
    switch (input) {
      case Input.SubmitJob submit -> new Intake(rows, limits, now).submit(turn, submit, cause);
      case Input.RefuseJob refused -> new Intake(rows, limits, now).refuse(turn, refused, cause);
      case Input.CancelJob cancel -> new Intake(rows, limits, now).cancel(turn, cancel, cause);
      case Input.ForWorker wish -> turn.ask(wish.worker(), wish.command());
      case Input.AgentConnected call -> {
        turn.ask(call.worker(), new WorkerCommand.Connect(call.bootId()));
        Worker worker = turn.worker(call.worker());
        if (worker != null && call.bootId().equals(worker.head().bootId())) {
          leases.beat(call.worker());
        }
      }
      case Input.AgentStarting question -> new Permission(turn, rules, now).answer(question);
      case Input.AgentEnded told -> ended(turn, told);
      case Input.SessionsSeen seen -> {
        leases.report(seen.idleMs(), now);
        seen.idleMs().keySet().forEach(worker -> turn.ask(worker, new WorkerCommand.RecordBeat()));
        turn.outcome().refusals().clear();
      }
      case Input.ApplyPool change -> {
        apply(change.pool());
        rows.workers().stream().filter(worker -> worker.head().pool().equals(change.pool().name())).map(Worker::id).toList()
            .forEach(worker -> turn.ask(worker, new WorkerCommand.ReviseDeadline()));
        turn.outcome().refusals().clear();
      }
      case Input.ProviderAlive alive -> {
        leases.providerSeen(alive.providerId());
        new ProviderTurn(rows, turn, now).alive(alive.provider(), alive.providerId());
      }
      case Input.ProviderAway away -> new ProviderTurn(rows, turn, now).away(away.provider(), away.providerId(), away.trouble());
      case Input.OrphanFound found -> orphan(turn, found);
      case Input.FoundEnded found -> found.workers().forEach(worker -> turn.ask(worker, new WorkerCommand.CollectWorker()));
      case Input.FoundClean found -> found.workers().forEach(worker -> turn.ask(worker, new WorkerCommand.RecordClean()));
    }
    return turn;
  }

  private void ended(Turn turn, Input.AgentEnded told) {
    Worker worker = turn.worker(told.worker());
    if (worker == null) {
      turn.refused(Refusal.UNKNOWN_WORKER);
    } else if (!told.bootId().equals(worker.head().bootId())) {
      turn.refused(Refusal.WRONG_BOOT);
    } else if (worker.isConnected() && worker.head().has(told.job(), told.epoch())
        && turn.ask(told.job(), new JobCommand.EndAttempt(told.worker(), told.epoch(), told.result()))) {
      JobState end = turn.job(told.job()) instanceof Job.Ended ended ? ended.state() : null;
      turn.ask(told.worker(), new WorkerCommand.FinishAttempt(told.result(), end, told.unfit()));
    }
  }

  private void orphan(Turn turn, Input.OrphanFound found) {
    Worker worker = turn.worker(found.worker());
    if (!flags.lifecycle()) {
      turn.refused(Refusal.LIFECYCLE_OFF);
    } else if (worker == null || worker.state().isTerminal()) {
      turn.effect(new Effect.DestroyWorker(found.worker(), found.provider(), found.providerId(), Duration.ZERO, DestroyCause.GC,
          TerminationReason.ORPHAN, 1));
    } else {
      turn.refused(Refusal.NOT_IN_THIS_STATE);
    }
  }

  private void fireJobs(Outcome total) {
    for (int fired = 0; fired < limits.timersPerTick(); fired++) {
      JobId id = rows.jobTimers.due(now);
      Job job = id == null ? null : rows.job(id);
      if (id == null) {
        return;
      }
      if (!(job instanceof Job.Pending pending)) {
        rows.jobTimers.set(id, null);
      } else if (pending.deadline().isAfter(now)) {
        rows.put(pending, now);
      } else {
        rows.jobTimers.set(id, null);
        Turn turn = turn(Cause.timer("queue-timeout"));
        turn.ask(id, new JobCommand.ExpireQueue());
        commit(turn, total);
      }
    }
  }

  /// Workers whose deadline is over.
  private void fireWorkers(Outcome total) {
    for (int fired = 0; fired < limits.timersPerTick(); fired++) {
      WorkerId id = rows.workerTimers.due(now);
      if (id == null) {
        return;
      }
      rows.workerTimers.set(id, null);
      Worker worker = rows.worker(id);
      Turn turn = turn(Cause.timer("worker-deadline"));
      if (worker != null && worker.state().isTerminal()) {
        turn.outcome().workers().put(id, null);
        leases.forget(id);
      } else {
        turn.ask(id, new WorkerCommand.ExpireDeadline(leases.listeningSince(), leases.listeningSince().plus(limits.lease())));
      }
      commit(turn, total);
    }
  }

  private void forget(Outcome total) {
    Turn turn = turn(Cause.timer("forget"));
    for (int fired = 0; fired < limits.timersPerTick(); fired++) {
      String key = rows.ledgerTimers.due(now);
      JobId job = rows.parkedTimers.due(now);
      if (key == null && job == null) {
        break;
      }
      if (key != null) {
        turn.outcome().ledger().put(key, null);
        rows.ledgerTimers.set(key, null);
      }
      if (job != null) {
        turn.outcome().parked().put(job, null);
        rows.parkedTimers.set(job, null);
      }
    }
    commit(turn, total);
  }

  private void sweepLeases(Outcome total) {
    for (WorkerId id : leases.expired(rows.connected(), limits.lease())) {
      Turn turn = turn(Cause.timer("lease"));
      turn.ask(id, new WorkerCommand.ExpireLease("Its worker's agent has been silent for " + leases.silence(id).toMillis() + " ms; the lease is "
          + limits.lease().toMillis() + " ms."));
      commit(turn, total);
    }
  }

  /// A worker whose destruction nobody can confirm, because its provider is silent too: agents kill their job after a minute without a
  /// gateway, so after two the attempt is dead; the worker stays TERMINATING until it is seen gone. Where a job may have outlived its agent,
  /// somebody has to look.
  private void sweepUnreachable(Outcome total) {
    for (WorkerId id : new ArrayList<>(rows.terminating())) {
      if (rows.worker(id) instanceof Worker.Terminating worker && worker.head().isDeadWithoutContact()
          && leases.silence(id).compareTo(limits.noContactLimit()) > 0
          && leases.providerSilence(worker.head().providerId()).compareTo(limits.noContactLimit()) > 0) {
        Turn turn = turn(Cause.timer("no-contact"));
        turn.proveDead(worker.head().binding(), id, worker.ending());
        commit(turn, total);
      }
    }
  }

  /// Instances of which nobody has heard for too long.
  private void sweepProviders(Outcome total) {
    for (Provider each : List.copyOf(rows.providers())) {
      Duration silence = leases.providerSilence(each.id());
      if (!each.isAway() && silence.compareTo(limits.providerSilence()) > 0) {
        Turn turn = turn(Cause.timer("provider-silence"));
        new ProviderTurn(rows, turn, now).away(each.type(), each.id(), "Its lifecycle-service has been silent for " + silence.toSeconds() + " s.");
        commit(turn, total);
      }
    }
  }

  /// While the lifecycle is on: gives the first of each queue to an idle worker, else makes workers while the pool has room and its provider
  /// is heard.
  private void schedule(Outcome total) {
    if (!flags.lifecycle()) {
      return;
    }
    int budget = limits.schedulesPerTurn();
    for (PoolPolicy pool : pools.values()) {
      Placement places = new Placement(pool, rows, leases, limits, workerIds);
      retire(pool, total);
      while (budget-- > 0) {
        JobId next = rows.queue(pool.name()).first();
        JobCommand chosen = next == null ? null : places.of(next);
        if (next == null) {
          break;
        }
        if (chosen == null) {
          dismiss(places.inTheWay(), "Its slot is wanted for a job that it cannot run: of another image, with other resources or another providerConfig.", total);
          break;
        }
        rows.queue(pool.name()).remove(next);
        Turn turn = turn(Cause.timer("schedule"));
        turn.ask(next, chosen);
        commit(turn, total);
      }
    }
  }

  /// Lets idle workers go for whom the pool has no slots any more, those first that have been idle for longest.
  private void retire(PoolPolicy pool, Outcome total) {
    while (rows.slotsOf(pool.name()) - rows.leavingOf(pool.name()) > pool.maxWorkers()) {
      if (!dismiss(rows.longestIdleOf(pool.name()), "Its pool has fewer slots now: " + pool.maxWorkers() + ".", total)) {
        return;
      }
    }
  }

  /// Lets an idle worker go; false when there is none.
  private boolean dismiss(@Nullable WorkerId idle, String why, Outcome total) {
    if (idle == null) {
      return false;
    }
    Turn turn = turn(Cause.timer("schedule"));
    turn.ask(idle, new WorkerCommand.RetireWorker(why));
    commit(turn, total);
    return true;
  }

  private void commit(Turn turn, Outcome total) {
    rows.apply(turn.outcome(), now);
    total.add(turn.outcome());
  }

  /// The ledger's key of a job id.
  public static String idKey(JobId id) {
    return "id/" + id.value();
  }

  /// The ledger's key of an idempotency key.
  public static String keyKey(String tenant, String key) {
    return "key/" + tenant + "/" + key;
  }

  /// All rows as text, sorted: for tests of equality after a restart.
  public List<String> describe() {
    return rows.describe();
  }
}
