package io.hodei.simulation;

import io.hodei.lifecycle.Command;
import io.hodei.lifecycle.CommandSorting;
import io.hodei.lifecycle.LaneReports;
import io.hodei.lifecycle.Lanes;
import io.hodei.lifecycle.LowWaterMark;
import io.hodei.lifecycle.LowWaterMark.Position;
import io.hodei.lifecycle.Snapshots;
import io.hodei.lifecycle.WorkPlan;
import io.hodei.lifecycle.WorkPlan.Answer;
import io.hodei.lifecycle.WorkPlan.Step;
import io.hodei.lifecycle.WorkerToken;
import io.hodei.providers.DestroyedWorker;
import io.hodei.providers.Inventory;
import io.hodei.providers.ProviderException;
import io.hodei.providers.WorkerExit;
import io.hodei.providers.WorkerItem;
import io.hodei.schemas.WorkerCommand;
import io.hodei.schemas.WorkerReport;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// lifecycle-service for one provider instance: the real lanes, sorting, low-water mark and work plans; the reading, the waiting and the provider
/// are simulated. A death drops everything but the committed offset.
final class LifecyclePart {
  private static final URI GATEWAY = URI.create("http://gateway:8090");
  private static final long ALIVE_MS = 2_000;
  private static final long INVENTORY_MS = 15_000;
  private static final int COMMANDS_AT_ONCE = 20;
  private static final int MAX_DESTROYS = 32;

  private final World world;
  private final ProviderPart provider;
  private final String type;
  private final InstantSource clock;
  private final LaneReports reports;
  private final WorkPlan.Surroundings around;
  private Lanes lanes = new Lanes(1, 1);
  private LowWaterMark mark = new LowWaterMark();
  private CommandSorting sorting;
  private long committed;
  private long position;
  private long backlog;
  private long frozenUntil;
  private boolean opened;
  private boolean planned;
  private boolean listing;
  private boolean listAgain;
  private boolean up;
  private int life;

  LifecyclePart(World world, ProviderPart provider) {
    this.world = world;
    this.provider = provider;
    this.type = world.climate.provider();
    this.clock = () -> world.clockwork.instant().plusMillis(world.climate.lifecycleSkew());
    this.reports = new LaneReports(type, provider.id(), clock);
    this.around = new WorkPlan.Surroundings(type, reports, GATEWAY, clock, () -> new WorkerToken("secret-" + world.nextId()));
    this.sorting = sorting();
  }

  private CommandSorting sorting() {
    return new CommandSorting(type, provider.id(), (command, at) -> follow(add(command, at)), mark, this::list);
  }

  ProviderPart provider() {
    return provider;
  }

  void start() {
    if (up) {
      return;
    }
    up = true;
    int mine = ++life;
    lanes = new Lanes(1 + world.dice.below(8), MAX_DESTROYS);
    otherLanes = new Lanes(8, MAX_DESTROYS);
    mark = new LowWaterMark();
    sorting = sorting();
    position = committed;
    backlog = world.broker.commands.end();
    opened = false;
    listing = false;
    listAgain = false;
    // Its watch looks for agents that died while nobody was there.
    for (ProviderPart.Infrastructure there : provider.all()) {
      AgentPart agent = there.agent;
      if (agent != null && !agent.isAlive()) {
        exited(there.worker, "it was found dead");
      }
    }
    planned = false;
    read(mine);
    alive(mine);
    world.clockwork.after(world.dice.between(1, INVENTORY_MS), () -> periodic(mine));
  }

  void die() {
    up = false;
    life++;
  }

  void freeze(long millis) {
    frozenUntil = Math.max(frozenUntil, world.clockwork.now() + millis);
  }

  /// In this life, and not while it is frozen.
  private void later(int mine, long millis, Runnable action) {
    world.clockwork.after(millis, () -> {
      if (mine == life) {
        long frozen = frozenUntil - world.clockwork.now();
        if (frozen > 0) {
          later(mine, frozen, action);
        } else {
          action.run();
        }
      }
    });
  }

  // Commands.

  /// Something can be read.
  void wake() {
    if (up && !planned) {
      planned = true;
      int mine = life;
      later(mine, world.dice.between(1, world.climate.readDelay()), () -> {
        planned = false;
        read(mine);
      });
    }
  }

  private void read(int mine) {
    long away = world.broker.millisAway();
    if (away == 0) {
      for (int left = COMMANDS_AT_ONCE; left > 0 && position < world.broker.commands.end(); left--) {
        Position at = new Position(0, position);
        WorkerCommand command = world.broker.commands.at(position++);
        mark.opened(at);
        sorting.take(command, at);
      }
      mark.read(0, position);
      if (!opened && position >= backlog) {
        opened = true;
        follow(lanes.open());
        follow(otherLanes.open());
      }
      if (opened) {
        committed = mark.committable().getOrDefault(0, committed);
      }
    }
    if (position < world.broker.commands.end()) {
      planned = true;
      later(mine, away + 1, () -> {
        planned = false;
        read(mine);
      });
    }
  }

  /// With [Mutant#DESTROY_OVERTAKEN] destructions go another way than creations, and nobody waits for anybody.
  private Lanes otherLanes = new Lanes(1, 1);

  private Lanes.Turn add(Command command, @Nullable Position at) {
    return world.mutant == Mutant.DESTROY_OVERTAKEN && command instanceof Command.Destroy ? otherLanes.add(command, at) : lanes.add(command, at);
  }

  private void follow(Lanes.Turn turn) {
    turn.settled().forEach(mark::settled);
    if (opened && !turn.settled().isEmpty()) {
      committed = mark.committable().getOrDefault(0, committed);
    }
    for (Lanes.Work work : turn.start()) {
      WorkPlan plan = new WorkPlan(work, around);
      go(life, work, plan, plan.first());
    }
  }

  private void go(int mine, Lanes.Work work, WorkPlan plan, @Nullable Step step) {
    if (step == null) {
      Lanes from = world.mutant == Mutant.DESTROY_OVERTAKEN && work.command() instanceof Command.Destroy ? otherLanes : lanes;
      follow(from.finished(work));
      return;
    }
    switch (step) {
      case Step.Tell tell -> tell(mine, tell.report(), () -> go(mine, work, plan, plan.after(new Answer.Told())));
      case Step.Look look -> later(mine, world.climate.providerTime(world.dice), () -> go(mine, work, plan, plan.after(looked())));
      case Step.CreateAgain again -> later(mine, again.pause().toMillis(), () -> go(mine, work, plan, new Step.Create(again.launch())));
      case Step.Create create -> later(mine, world.climate.providerTime(world.dice), () -> {
        Answer made = made(create);
        // The answer takes its time as well.
        later(mine, world.dice.between(1, 50), () -> go(mine, work, plan, plan.after(made)));
      });
      case Step.Destroy destroy -> later(mine, world.climate.providerTime(world.dice), () -> {
        Answer gone = destroyed(destroy);
        later(mine, world.dice.between(1, 20), () -> go(mine, work, plan, plan.after(gone)));
      });
    }
  }

  private Answer looked() {
    try {
      Instant now = clock.instant();
      return new Answer.Seen(new Inventory(provider.id(), now, now, provider.items()));
    } catch (ProviderException e) {
      return new Answer.Failed(e);
    }
  }

  private Answer made(Step.Create create) {
    try {
      return new Answer.Made(provider.create(create.launch()));
    } catch (ProviderException e) {
      return new Answer.Failed(e);
    }
  }

  private Answer destroyed(Step.Destroy destroy) {
    try {
      boolean existed = provider.destroy(destroy.workerId());
      return new Answer.Gone(new DestroyedWorker(destroy.workerId(), existed, clock.instant()));
    } catch (ProviderException e) {
      return world.mutant == Mutant.GONE_UNSEEN ? new Answer.Gone(new DestroyedWorker(destroy.workerId(), true, clock.instant())) : new Answer.Failed(e);
    }
  }

  // Reports.

  /// Until it is acknowledged, however often it has to be written for that.
  private void tell(int mine, WorkerReport report, Runnable then) {
    later(mine, world.climate.hop(world.dice), () -> {
      if (world.broker.isAway()) {
        later(mine, world.broker.millisAway() + 250, () -> tell(mine, report, then));
        return;
      }
      boolean unknown = world.climate.losesAcknowledgement(world.dice);
      if (!unknown || world.dice.oneIn(2)) {
        world.told(report.getJobId(), report.getWorkerId(), () -> "lifecycle-service reports " + report.getType()
            + (report.getMessage() == null ? "" : ": " + report.getMessage()));
        world.broker.reports.append(report);
      }
      if (unknown || world.climate.repeats(world.dice)) {
        later(mine, 250, () -> tell(mine, report, then));
      } else {
        then.run();
      }
    });
  }

  /// The agent of this worker is dead.
  void exited(String worker, String how) {
    if (up) {
      int mine = life;
      later(mine, world.dice.between(10, 1_500), () -> follow(add(new Command.TellExit(worker, new WorkerExit(worker, clock.instant(), how)), null)));
    }
  }

  private void alive(int mine) {
    if (!world.broker.isAway()) {
      world.broker.reports.append(provider.isAway() ? reports.providerAway("it does not answer") : reports.providerAlive());
    }
    later(mine, ALIVE_MS, () -> alive(mine));
  }

  // Inventories.

  private void periodic(int mine) {
    list();
    later(mine, INVENTORY_MS, () -> periodic(mine));
  }

  private void list() {
    if (listing) {
      listAgain = true;
      return;
    }
    listing = true;
    int mine = life;
    Instant startedAt = clock.instant();
    later(mine, world.climate.listingTime(world.dice), () -> {
      List<WorkerItem> seen;
      try {
        seen = provider.items();
        if (world.climate.listingBreaks(world.dice)) {
          throw new ProviderException(ProviderException.Reason.PROVIDER_UNREACHABLE, "Expected the whole list, but it broke off");
        }
      } catch (ProviderException e) {
        listed(mine, List.of(Snapshots.failed(type, provider.id(), startedAt, clock.instant(), String.valueOf(e.getMessage()))), startedAt, List.of());
        return;
      }
      later(mine, world.climate.listingTime(world.dice), () -> listed(mine, null, startedAt, seen));
    });
  }

  private void listed(int mine, @Nullable List<io.hodei.schemas.InventorySnapshot> failure, Instant startedAt, List<WorkerItem> seen) {
    boolean whole = failure == null || world.mutant == Mutant.PART_FOR_THE_WHOLE;
    List<io.hodei.schemas.InventorySnapshot> pages = whole || failure == null
        ? Snapshots.pages(type, new Inventory(provider.id(), startedAt, clock.instant(), seen)) : failure;
    if (world.broker.isAway()) {
      later(mine, world.broker.millisAway() + 250, () -> listed(mine, failure, startedAt, seen));
      return;
    }
    pages.forEach(page -> {
      world.broker.inventory.append(page);
      if (world.climate.repeats(world.dice)) {
        world.broker.inventory.append(page);
      }
    });
    listing = false;
    if (listAgain) {
      listAgain = false;
      list();
    }
  }
}
