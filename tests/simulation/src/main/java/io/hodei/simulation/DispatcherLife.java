package io.hodei.simulation;

import io.hodei.dispatcher.CommandRecords;
import io.hodei.dispatcher.FlagRows;
import io.hodei.dispatcher.JobRows;
import io.hodei.dispatcher.PoolRows;
import io.hodei.dispatcher.ProviderRows;
import io.hodei.dispatcher.ShardInbox;
import io.hodei.dispatcher.ShardOutbox;
import io.hodei.dispatcher.UnreadableException;
import io.hodei.dispatcher.WorkerRows;
import io.hodei.domain.Effect;
import io.hodei.domain.Outcome;
import io.hodei.domain.PoolPolicy;
import io.hodei.domain.Shard;
import io.hodei.schemas.ControlCommand;
import io.hodei.schemas.Flag;
import io.hodei.schemas.Pool;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One life of the dispatcher's stream thread: rows from the folded changelogs, then records of its three topics in an order of its own, then a
/// commit, again and again until it dies. The shard, its inbox and all formats are the real ones.
final class DispatcherLife implements ShardOutbox {
  private static final int RECORDS_AT_ONCE = 8;

  private final World world;
  private final Broker broker;
  private final int epoch;
  private final InstantSource clock;
  private final CommandRecords commands;
  private final ShardInbox inbox;
  private final long tickMs;
  private Broker.@Nullable Transaction open;
  private @Nullable PoolPolicy broken;
  private long tickDue;
  private long planned = Long.MAX_VALUE;
  private int plan;
  private long frozenUntil;
  private boolean dead;

  DispatcherLife(World world, int epoch) {
    this.world = world;
    this.broker = world.broker;
    this.epoch = epoch;
    this.clock = () -> world.clockwork.instant().plusMillis(world.climate.dispatcherSkew());
    this.commands = new CommandRecords(world::nextId, 0);
    this.tickMs = world.climate.tickMs();
    Shard shard = new Shard(Mutations.limits(world), world::nextWorker, Mutations.rules(world));
    PoolRows pools = new PoolRows(world.climate.defaultPool());
    broker.poolRows.values().forEach(pools::restore);
    Instant now = clock.instant();
    broker.jobs.values().forEach(job -> shard.restore(JobRows.read(JobRows.write(job)), now));
    broker.workers.values().forEach(worker -> shard.restore(WorkerRows.read(WorkerRows.write(worker))));
    broker.ledger.forEach(shard::restore);
    broker.parked.values().forEach(shard::restore);
    broker.providers.values().forEach(provider -> shard.restore(ProviderRows.read(ProviderRows.write(provider))));
    FlagRows flags = new FlagRows(World.SETTINGS);
    broker.flagRows.values().forEach(flags::restore);
    inbox = new ShardInbox(shard, pools, flags, clock, this);
    breakPool();
    Mutations.tookOver(world, epoch, shard, now);
  }

  /// Once for each change of the pool.
  private void breakPool() {
    if (inbox.shard().pool("default") != broken) {
      Mutations.pools(world, inbox.shard());
      broken = inbox.shard().pool("default");
    }
  }

  void begin() {
    plan(world.clockwork.now() + 1);
  }

  void die() {
    dead = true;
    Broker.Transaction lost = open;
    if (lost != null) {
      broker.abandoned(lost);
    }
  }

  boolean isDead() {
    return dead;
  }

  void freeze(long millis) {
    frozenUntil = Math.max(frozenUntil, world.clockwork.now() + millis);
  }

  /// Something can be read.
  void wake() {
    if (!dead && open == null) {
      plan(world.clockwork.now() + world.dice.between(1, world.climate.readDelay()));
    }
  }

  private void plan(long at) {
    if (at < planned) {
      planned = at;
      int mine = ++plan;
      world.clockwork.after(at - world.clockwork.now(), () -> {
        if (mine == plan) {
          planned = Long.MAX_VALUE;
          turn();
        }
      });
    }
  }

  private void turn() {
    long now = world.clockwork.now();
    if (dead) {
      return;
    }
    if (now < frozenUntil || broker.isAway()) {
      plan(Math.max(frozenUntil, now + broker.millisAway()) + 1);
      return;
    }
    Broker.Transaction transaction = broker.begin();
    open = transaction;
    read(transaction);
    if (now >= tickDue) {
      tickDue = now + tickMs;
      inbox.tick();
    }
    if (transaction.isEmpty(broker)) {
      open = null;
      next();
    } else {
      world.clockwork.after(world.climate.commitDelay(world.dice), this::commit);
    }
  }

  private void read(Broker.Transaction transaction) {
    List<Integer> ready = new ArrayList<>(3);
    if (transaction.requests < broker.requests.end()) {
      ready.add(0);
    }
    if (transaction.control < broker.control.end()) {
      ready.add(1);
    }
    if (transaction.reports < broker.reports.end()) {
      ready.add(2);
    }
    if (ready.isEmpty()) {
      return;
    }
    int from = world.dice.of(ready);
    for (int left = 1 + world.dice.below(RECORDS_AT_ONCE); left > 0; left--) {
      try {
        if (from == 0 && transaction.requests < broker.requests.end()) {
          inbox.request(broker.requests.at(transaction.requests++));
        } else if (from == 1 && transaction.control < broker.control.end()) {
          long offset = transaction.control++;
          inbox.control(broker.control.at(offset), broker.control.place(offset));
          breakPool();
        } else if (from == 2 && transaction.reports < broker.reports.end()) {
          long offset = transaction.reports++;
          Mutations.reported(world, broker.reports.at(offset)).forEach(report -> inbox.report(report, broker.reports.place(offset)));
        }
      } catch (UnreadableException e) {
        world.witness.broken("Readable", "dispatcher", "it cannot read what a part has written: " + e.getMessage());
      }
    }
  }

  private void commit() {
    Broker.Transaction transaction = open;
    if (dead || transaction == null) {
      return;
    }
    long now = world.clockwork.now();
    if (now < frozenUntil || broker.isAway()) {
      world.clockwork.after(Math.max(frozenUntil - now, broker.millisAway()) + 1, this::commit);
      return;
    }
    open = null;
    if (!broker.commit(epoch, transaction)) {
      world.told(null, null, () -> "dispatcher " + epoch + " is fenced: its transaction is aborted");
      dead = true;
      return;
    }
    world.witness.compare(inbox.shard());
    next();
  }

  private void next() {
    long now = world.clockwork.now();
    plan(broker.hasInput() ? now + world.dice.between(1, world.climate.readDelay()) : Math.max(tickDue, now + 1));
  }

  private Broker.Transaction transaction() {
    Broker.Transaction transaction = open;
    return transaction == null ? new Broker.Transaction() : transaction;
  }

  @Override
  public void emit(Outcome outcome) {
    Broker.Transaction transaction = transaction();
    transaction.outcomes.add(outcome);
    Instant now = clock.instant();
    for (Effect decided : outcome.effects()) {
      Effect effect = Mutations.told(world, decided);
      if (effect == null) {
        continue;
      }
      transaction.commands.add(commands.write(effect, now));
      Effect again = Mutations.secondOffer(world, effect);
      if (again != null) {
        transaction.commands.add(commands.write(again, now));
      }
    }
  }

  @Override
  public void publish(Pool pool, boolean changed) {
    transaction().pools.add(pool);
    if (changed) {
      transaction().changedPools.add(pool);
    }
  }

  @Override
  public void publish(Flag flag, boolean changed) {
    if (changed) {
      transaction().changedFlags.add(flag);
    }
  }

  @Override
  public void askForInventory(ControlCommand command) {
    transaction().commands.add(commands.inventory(command.getActor(), command.getProviderId(), clock.instant()));
  }

  @Override
  public void deadLetter(String source, String reason) {
    world.witness.broken("NoBug", source, "the dispatcher put it to the dead letters: " + reason);
  }

  @Override
  public void bug(String where, RuntimeException cause) {
    world.witness.broken("NoBug", "dispatcher", where + " threw " + cause);
  }

  /// Nothing is left to be read or to be committed.
  boolean hasReadAll() {
    return open == null && !broker.hasAsks();
  }
}
