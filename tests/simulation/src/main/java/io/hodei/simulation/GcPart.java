package io.hodei.simulation;

import io.hodei.dispatcher.WorkerRows;
import io.hodei.domain.Worker;
import io.hodei.domain.WorkerId;
import io.hodei.gc.Checker;
import io.hodei.gc.Letter;
import io.hodei.kit.Codec;
import io.hodei.schemas.ControlCommand;
import io.hodei.schemas.WorkerReport;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// gc-service: the real folds and judgement, in cycles whose waiting is simulated. What it knows it folds again after each death.
final class GcPart {
  private static final Codec CODEC = new Codec(World.SETTINGS);
  private static final long CYCLE_MS = 30_000;
  private static final long PATIENCE_MS = 5_000;
  private static final long LOOK_MS = 200;

  private final World world;
  private final InstantSource clock;
  private Checker checker;
  private long rowsRead;
  private long pagesRead;
  private long poolsRead;
  private boolean up;
  private int life;

  GcPart(World world) {
    this.world = world;
    this.clock = () -> world.clockwork.instant().plusMillis(world.climate.gcSkew());
    this.checker = new Checker(CODEC, clock);
  }

  void start() {
    if (up) {
      return;
    }
    up = true;
    checker = new Checker(CODEC, clock);
    rowsRead = 0;
    pagesRead = 0;
    poolsRead = 0;
    int mine = ++life;
    world.clockwork.after(world.dice.between(1, CYCLE_MS), () -> cycle(mine));
  }

  void die() {
    up = false;
    life++;
  }

  private void later(int mine, long millis, Runnable action) {
    world.clockwork.after(millis, () -> {
      if (mine == life) {
        action.run();
      }
    });
  }

  private void cycle(int mine) {
    if (mine != life) {
      return;
    }
    later(mine, world.mutant == Mutant.GC_SELDOM ? 4 * CYCLE_MS : CYCLE_MS, () -> cycle(mine));
    if (world.broker.isAway()) {
      return;
    }
    foldRows();
    foldPages();
    Checker.Opening opening = checker.open("gc-interval", clock.instant());
    send(opening.letters());
    await(mine, opening, world.clockwork.now());
  }

  private void await(int mine, Checker.Opening opening, long since) {
    foldPages();
    if (!checker.answered(opening) && world.clockwork.now() - since < PATIENCE_MS) {
      later(mine, LOOK_MS, () -> await(mine, opening, since));
      return;
    }
    Checker.Looked looked = checker.look(opening);
    long mark = world.broker.workerState.end();
    later(mine, world.dice.between(1, 500), () -> {
      boolean reached = !world.broker.isAway();
      if (reached && world.mutant != Mutant.GC_STALE_TABLE) {
        foldRows();
      }
      Checker.Closing closing = checker.close(opening, looked, reached, Map.of(world.broker.workerState.topicPartition(), reached ? mark : 0), clock.instant(),
          Duration.ofMillis(world.clockwork.now() - since));
      if (!world.broker.isAway()) {
        closing.letters().stream().map(Letter::value).filter(WorkerReport.class::isInstance).map(WorkerReport.class::cast).forEach(world.witness::found);
        send(closing.letters());
      }
    });
  }

  private void send(List<Letter> letters) {
    for (Letter letter : letters) {
      switch (letter.value()) {
        case ControlCommand command -> world.broker.control.append(command);
        case WorkerReport report -> {
          world.told(null, report.getWorkerId(), () -> "gc-service reports " + report.getType() + ": " + report.getMessage());
          world.broker.reports.append(report);
        }
        default -> {
        }
      }
    }
  }

  /// The newest row of each worker that has changed: what compaction would leave.
  private void foldRows() {
    Set<WorkerId> changed = new LinkedHashSet<>();
    for (; rowsRead < world.broker.workerState.end(); rowsRead++) {
      changed.add(world.broker.workerState.at(rowsRead));
    }
    for (WorkerId id : changed) {
      Worker worker = world.broker.workers.get(id);
      checker.row(id.value(), worker == null ? null : Mutations.seenByGc(world, WorkerRows.write(worker)), world.broker.workerState.topicPartition(), rowsRead);
    }
  }

  private void foldPages() {
    for (; poolsRead < world.broker.pools.end(); poolsRead++) {
      checker.pool(world.broker.pools.at(poolsRead));
    }
    for (; pagesRead < world.broker.inventory.end(); pagesRead++) {
      checker.page(world.broker.inventory.at(pagesRead), world.broker.inventory.topicPartition(), pagesRead + 1);
    }
  }
}
