package io.hodei.simulation;

import io.grpc.Status;
import io.hodei.agent.Docket;
import io.hodei.gateway.v1.Assignment;
import io.hodei.gateway.v1.AttendRequest;
import io.hodei.gateway.v1.BeatRequest;
import io.hodei.gateway.v1.Directive;
import io.hodei.gateway.v1.ReportEndRequest;
import io.hodei.gateway.v1.StartReply;
import io.hodei.gateway.v1.StartRequest;
import org.jspecify.annotations.Nullable;

/// An agent, after the real one's protocol: attends, beats, takes one assignment at a time, asks before it executes, reports the end until that is
/// acknowledged, kills its job when no gateway answers for 60 s, and leaves when it is told. A model; the gateway that it talks to is real.
final class AgentPart {
  private static final long BEAT_MS = 3_000;
  private static final long BEAT_DEADLINE_MS = 5_000;
  private static final long CALL_DEADLINE_MS = 15_000;
  private static final long ORPHAN_LIMIT_MS = 60_000;
  private static final long DESTRUCTION_MS = 10_000;

  private final World world;
  private final ProviderPart provider;
  private final String worker;
  private final String tokenHash;
  private final String bootId;
  private final Line line;
  private final Beats beats;
  private @Nullable Wire wire;
  private final Docket docket = new Docket();
  private @Nullable Run run;
  private long lastContact;
  private long frozenUntil;
  private boolean beating;
  private boolean jobStopped;
  private boolean alive = true;

  AgentPart(World world, ProviderPart provider, String worker, String tokenHash) {
    this.world = world;
    this.provider = provider;
    this.worker = worker;
    this.tokenHash = tokenHash;
    this.bootId = "boot-" + world.nextId();
    this.lastContact = world.clockwork.now();
    this.line = new Line(world, this);
    this.beats = new Beats(world);
  }

  void boot() {
    later(world.dice.between(10, 300), this::attend);
    later(BEAT_MS, this::pulse);
  }

  String worker() {
    return worker;
  }

  boolean isAlive() {
    return alive;
  }

  boolean executes() {
    Run current = run;
    return current != null && current.execution != null && current.execution.isAlive();
  }

  /// A call was answered.
  void contact() {
    lastContact = world.clockwork.now();
  }

  boolean isOutOfReach() {
    return line.isOutOfReach();
  }

  long lastBeat() {
    return beats.last();
  }

  /// Its beats have been answered for so long without a gap that nobody can have missed it.
  boolean isWellInContact() {
    return alive && !isFrozen() && beats.areWell();
  }

  boolean isFrozen() {
    return world.clockwork.now() < frozenUntil;
  }

  /// `withItsJob`: what it has started stands still, too.
  void freeze(long millis, boolean withItsJob) {
    frozenUntil = Math.max(frozenUntil, world.clockwork.now() + millis);
    jobStopped = withItsJob || world.climate.hasContainers();
  }

  long millisItsJobIsStopped() {
    return alive && jobStopped ? Math.max(0, frozenUntil - world.clockwork.now()) : 0;
  }

  void cutOff(long millis) {
    line.cut(millis);
    Wire open = wire;
    if (open != null) {
      open.cut(Status.UNAVAILABLE);
    }
  }

  /// Another agent with the same token. The old one is killed with all it has started, as the engine does it.
  AgentPart twin() {
    stopExecution("its container is restarted");
    alive = false;
    world.told(null, worker, () -> "agent " + bootId + " is restarted by the engine");
    return new AgentPart(world, provider, worker, tokenHash);
  }

  /// Its process ends, by whatever; what it has started goes on, unless it was the first process of a container.
  void die(String how) {
    if (alive) {
      alive = false;
      if (world.climate.hasContainers()) {
        stopExecution("its container ends");
      }
      world.told(null, worker, () -> "agent " + bootId + " is dead: " + how);
      provider.agentDied(this, how);
    }
  }

  private void stopExecution(String how) {
    Run current = run;
    if (current != null && current.execution != null) {
      current.execution.end(how);
    }
  }

  /// In the agent's own time: not while it is frozen, never after its death.
  void later(long millis, Runnable action) {
    world.clockwork.after(millis, () -> now(action));
  }

  private void now(Runnable action) {
    if (alive) {
      if (isFrozen()) {
        world.clockwork.after(frozenUntil - world.clockwork.now(), () -> now(action));
      } else {
        action.run();
      }
    }
  }

  private void attend() {
    if (docket.isClosed()) {
      return;
    }
    Wire stream = new Wire(world, this);
    wire = stream;
    line.call(CALL_DEADLINE_MS, calls -> {
      world.gateway.attended(stream);
      calls.attend(AttendRequest.newBuilder().setWorkerId(worker).setBootId(bootId).build(), tokenHash, stream);
      return true;
    }, answer -> {}, status -> cut(stream, status));
  }

  void cut(Wire which, Status status) {
    if (which != wire || docket.isClosed()) {
      return;
    }
    wire = null;
    if (Line.isDismissal(status)) {
      leave("dismissed: " + status.getCode());
    } else {
      later(world.dice.between(50, 1_500), this::attend);
    }
  }

  void directed(Wire from, Directive directive) {
    if (from != wire) {
      return;
    }
    lastContact = world.clockwork.now();
    switch (directive.getKindCase()) {
      case WELCOME, KIND_NOT_SET -> {
      }
      case ASSIGNMENT -> begin(docket.offered(directive.getAssignment()));
      case CANCEL_RUN -> cancelled(directive.getCancelRun().getJobId(), directive.getCancelRun().getEpoch());
      case LEAVE -> leave("gateway: " + directive.getLeave().getReason());
    }
  }

  private void pulse() {
    if (docket.isClosed()) {
      return;
    }
    long silent = world.clockwork.now() - lastContact;
    if (silent >= ORPHAN_LIMIT_MS && world.mutant != Mutant.NO_CONTACT_SHORT) {
      leave("no gateway for " + silent + " ms");
      return;
    }
    if (!beating) {
      beating = true;
      line.call(BEAT_DEADLINE_MS, calls -> {
        calls.beat(BeatRequest.newBuilder().setWorkerId(worker).setBootId(bootId).build(), tokenHash);
        return true;
      }, answer -> {
        beating = false;
        beats.answered();
      }, status -> {
        beating = false;
        Wire open = wire;
        if (Line.isDismissal(status)) {
          leave("dismissed: " + status.getCode());
        } else if (status.getCode() == Status.Code.DEADLINE_EXCEEDED && open != null) {
          open.cut(status);
        }
      });
    }
    later(silent > ORPHAN_LIMIT_MS - BEAT_MS ? 500 : BEAT_MS, this::pulse);
  }

  private void begin(@Nullable Assignment job) {
    if (job == null) {
      return;
    }
    Run attempt = new Run(job);
    run = attempt;
    attempt.cancelled = docket.isCancelled(job);
    if (world.mutant == Mutant.START_NOT_AWAITED) {
      execute(attempt);
    } else {
      ask(attempt);
    }
  }

  private void ask(Run attempt) {
    if (docket.isClosed()) {
      return;
    }
    if (attempt.cancelled) {
      report(attempt, "CANCELLED", null);
      return;
    }
    StartRequest request = StartRequest.newBuilder().setWorkerId(worker).setBootId(bootId).setJobId(attempt.job.getJobId()).setEpoch(attempt.job.getEpoch()).build();
    line.start(request, tokenHash, reply -> answered(attempt, reply), status -> {
      if (Line.isDismissal(status)) {
        leave("dismissed: " + status.getCode());
      } else {
        later(100, () -> ask(attempt));
      }
    });
  }

  private void answered(Run attempt, StartReply reply) {
    lastContact = world.clockwork.now();
    world.told(attempt.job.getJobId(), worker, () -> "agent is " + (reply.getGranted() ? "granted" : "refused (" + reply.getRefusal() + ")") + " the start of epoch " + attempt.job.getEpoch());
    if (attempt.cancelled) {
      report(attempt, "CANCELLED", null);
    } else if (reply.getGranted()) {
      execute(attempt);
    } else {
      leave("nothing more to do");
    }
  }

  private void execute(Run attempt) {
    if (docket.isClosed() || attempt.execution != null) {
      return;
    }
    JobPlan plan = world.client.plan(attempt.job.getJobId());
    Execution execution = new Execution(world, provider, worker, attempt.job.getJobId(), attempt.job.getAttempt());
    attempt.execution = execution;
    execution.begin(this, plan.durationOf(attempt.job.getAttempt()), code -> later(1, () -> exited(attempt, code)));
    if (plan.killsItsAgent() && attempt.job.getAttempt() == 1) {
      world.weather.touch(worker);
      world.clockwork.after(plan.durationOf(1) / 2, () -> die("killed by its job"));
    }
    if (attempt.job.getTimeoutMs() > 0) {
      later(attempt.job.getTimeoutMs(), () -> kill(attempt, execution, "TIMEOUT"));
    }
  }

  private void exited(Run attempt, int code) {
    if (!attempt.ended && !docket.isClosed()) {
      report(attempt, "EXIT_CODE", code);
    }
  }

  private void kill(Run attempt, Execution execution, String reason) {
    if (attempt.ended || !execution.isAlive()) {
      return;
    }
    attempt.ended = true;
    JobPlan plan = world.client.plan(attempt.job.getJobId());
    later(plan.isStubborn() ? attempt.job.getGracefulTerminationMs() : world.dice.between(1, 200), () -> {
      execution.end("killed: " + reason);
      if (!docket.isClosed()) {
        report(attempt, reason, null);
      }
    });
  }

  private void cancelled(String jobId, long epoch) {
    Run current = run;
    if (!docket.cancelled(jobId, epoch) || current == null || current.cancelled) {
      return;
    }
    current.cancelled = true;
    Execution execution = current.execution;
    if (execution != null) {
      kill(current, execution, "CANCELLED");
    }
  }

  private void report(Run attempt, String reason, @Nullable Integer code) {
    attempt.ended = true;
    untilAcknowledged(attempt.end(worker, bootId, reason, code), 25, attempt.leavesRoom(code));
  }

  private void untilAcknowledged(ReportEndRequest end, long pause, boolean fit) {
    if (docket.isClosed()) {
      return;
    }
    line.call(CALL_DEADLINE_MS, calls -> {
      calls.reportEnd(end, tokenHash);
      return true;
    }, answer -> {
      if (fit) {
        free();
      } else {
        later(DESTRUCTION_MS, () -> leave("nothing more to do"));
      }
    }, status -> {
      if (Line.isDismissal(status)) {
        leave("dismissed: " + status.getCode());
      } else {
        later(pause, () -> untilAcknowledged(end, Math.min(1_000, pause * 2), fit));
      }
    });
  }

  private void free() {
    run = null;
    begin(docket.free());
  }

  private void leave(String why) {
    if (!docket.close()) {
      return;
    }
    later(executes() ? world.dice.between(1, 500) : 1, () -> {
      stopExecution("its agent leaves");
      die(why);
    });
  }
}
