package io.hodei.simulation;

import io.grpc.Status;
import io.hodei.dispatcher.AgentCalls;
import io.hodei.dispatcher.Facts;
import io.hodei.schemas.WorkerCommand;
import io.hodei.schemas.WorkerReport;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The gateway's process: the real [AgentCalls] behind a network that loses, and in front of a broker that may be away. What it knows it folds from
/// worker-commands, again after each death.
final class GatewayPart implements Facts {
  private static final long SESSIONS_MS = 1_000;
  private static final int COMMANDS_AT_ONCE = 40;

  private final World world;
  private final List<Wire> wires = new ArrayList<>();
  private @Nullable AgentCalls calls;
  private long position;
  private long backlog;
  private boolean open;
  private boolean planned;
  private long frozenUntil;
  private int life;

  GatewayPart(World world) {
    this.world = world;
  }

  void start() {
    if (calls != null) {
      return;
    }
    life++;
    open = false;
    position = 0;
    backlog = world.broker.commands.end();
    calls = new AgentCalls(this, World.SETTINGS, () -> world.clockwork.now() * 1_000_000, () -> open);
    int mine = life;
    world.clockwork.after(world.dice.between(1, SESSIONS_MS), () -> sessions(mine));
    read();
  }

  void die() {
    calls = null;
    life++;
    planned = false;
    List<Wire> cut = new ArrayList<>(wires);
    wires.clear();
    cut.forEach(wire -> wire.cut(Status.UNAVAILABLE.withDescription("the gateway died")));
  }

  void freeze(long millis) {
    frozenUntil = Math.max(frozenUntil, world.clockwork.now() + millis);
  }

  /// Null while it is down.
  @Nullable AgentCalls calls() {
    return calls;
  }

  long millisFrozen() {
    return Math.max(0, frozenUntil - world.clockwork.now());
  }

  void attended(Wire wire) {
    wires.removeIf(old -> old.isOver());
    wires.add(wire);
  }

  /// Something can be read.
  void wake() {
    if (calls != null && !planned) {
      planned = true;
      int mine = life;
      world.clockwork.after(world.dice.between(1, world.climate.readDelay()), () -> {
        if (mine == life) {
          planned = false;
          read();
        }
      });
    }
  }

  private void read() {
    AgentCalls current = calls;
    if (current == null) {
      return;
    }
    long away = Math.max(millisFrozen(), world.broker.millisAway());
    if (away == 0) {
      for (int left = COMMANDS_AT_ONCE; left > 0 && position < world.broker.commands.end(); left--) {
        WorkerCommand command = world.broker.commands.at(position++);
        current.fold(command);
      }
      open |= position >= backlog;
    }
    if (position < world.broker.commands.end() || !open) {
      planned = true;
      int mine = life;
      world.clockwork.after(away + 1, () -> {
        if (mine == life) {
          planned = false;
          read();
        }
      });
    }
  }

  private void sessions(int mine) {
    AgentCalls current = calls;
    if (mine != life || current == null) {
      return;
    }
    if (millisFrozen() > 0) {
      world.clockwork.after(millisFrozen(), () -> sessions(mine));
      return;
    }
    WorkerReport seen = WorkerReport.newBuilder().setType("SessionsSeen").setReportId(world.nextId()).setAt(world.clockwork.instant())
        .setReporter("gateway").setSessions(current.look()).build();
    if (!world.broker.isAway()) {
      world.broker.reports.append(seen);
    }
    world.clockwork.after(SESSIONS_MS, () -> sessions(mine));
  }

  @Override
  public WorkerReport.Builder of(String type, String workerId) {
    return WorkerReport.newBuilder().setType(type).setReportId(world.nextId()).setAt(world.clockwork.instant()).setReporter("gateway").setWorkerId(workerId);
  }

  @Override
  public void send(WorkerReport.Builder report) {
    if (world.broker.isAway()) {
      throw unavailable();
    }
    WorkerReport built = report.build();
    boolean unknown = world.climate.losesAcknowledgement(world.dice);
    if (unknown) {
      // Written, never written, or written when everybody has given up: the producer goes on trying for two minutes.
      switch (world.dice.below(3)) {
        case 0 -> append(built, "");
        case 1 -> world.clockwork.after(world.dice.between(200, 12_000), () -> append(built, ", late"));
        default -> {
        }
      }
      throw unavailable();
    }
    append(built, "");
    if (world.climate.repeats(world.dice)) {
      // The agent has called twice, and both calls went through.
      world.clockwork.after(world.dice.between(1, 4_000), () -> append(built, " again"));
    }
  }

  private void append(WorkerReport report, String how) {
    world.told(report.getJobId(), report.getWorkerId(), () -> "gateway reports " + report.getType() + (report.getEpoch() == null ? "" : " of epoch " + report.getEpoch()) + how);
    world.broker.reports.append(report);
  }

  private static RuntimeException unavailable() {
    return Status.UNAVAILABLE.withDescription("Kafka has not taken it.").asRuntimeException();
  }
}
