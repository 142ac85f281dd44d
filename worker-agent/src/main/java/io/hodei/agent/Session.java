package io.hodei.agent;

import io.grpc.Status;
import io.hodei.gateway.v1.Assignment;
import io.hodei.gateway.v1.AttendRequest;
import io.hodei.gateway.v1.Directive;
import io.hodei.gateway.v1.Welcome;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The agent's life under one boot id: it attends, takes one assignment, and leaves. The main thread attends again
/// whenever the stream is cut; directives come on gRPC's threads.
/// Promises: one attempt at a time, each assignment once, one in all unless it says that the agent is reusable; after [#leave] nothing is
/// executed, and the agent ends when nothing of the job is left.
final class Session {
  static final int DONE = 0;
  static final int DISMISSED = 2;
  /// 3 is the JVM's, for want of memory.
  static final int ORPHANED = 4;
  static final int BUG = 70;

  private static final long FIRST_PAUSE_MS = 100;
  private static final long LONGEST_PAUSE_MS = 2_000;
  private static final long DESTRUCTION_SECONDS = 10;
  private static final Duration LONGEST_LEAVE = Duration.ofSeconds(30);

  private final String bootId = BootId.draw();
  private final WorkerFile worker;
  private final Map<String, String> agentEnv;
  private final GatewayLink link;
  private final ProcessTree tree;
  private final Fitness fitness;
  private final Pulse pulse;
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();
  private volatile @Nullable Attendance attendance;
  private volatile long maxBatchBytes = 512 << 10;
  private final Docket docket = new Docket();
  private @Nullable Run run;

  Session(WorkerFile worker, Map<String, String> agentEnv, GatewayLink link, ProcessTree tree) {
    this.worker = worker;
    this.agentEnv = agentEnv;
    this.link = link;
    this.tree = tree;
    this.fitness = new Fitness(worker);
    this.pulse = new Pulse(this, link, tree, worker.workerId(), bootId);
  }

  /// Attends until the agent's work is over; answers the exit code.
  int attend() {
    pulse.start();
    var request = AttendRequest.newBuilder().setWorkerId(worker.workerId()).setBootId(bootId)
        .setAgentVersion(Main.version()).setPid(ProcessHandle.current().pid()).build();
    long pause = FIRST_PAUSE_MS;
    while (!exit.isDone()) {
      var stream = new Attendance(this::directed);
      attendance = stream;
      link.streams().attend(request, stream);
      CompletableFuture.anyOf(exit, stream.end()).join();
      if (exit.isDone()) {
        break;
      }
      var status = stream.end().join();
      if (GatewayLink.dismisses(status)) {
        failed(new GatewayLink.Dismissed(status));
      }
      pause = stream.answered() ? FIRST_PAUSE_MS : pause;
      Say.info("attendance_cut", "status", status.getCode(), "pause_ms", pause);
      pause(pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      link.reconnectNow();
    }
    return exit.join();
  }

  /// A pause of some length up to the given one, so that many agents do not come back at once; shorter when another
  /// call shows that the gateway is there again.
  private void pause(long longestMs) {
    long cut = System.nanoTime();
    long pause = ThreadLocalRandom.current().nextLong(longestMs / 2, longestMs + 1);
    for (long passed = 0; passed < pause && !exit.isDone() && !link.contactedSince(cut); passed += FIRST_PAUSE_MS) {
      awaitExit(Math.min(FIRST_PAUSE_MS, pause - passed));
    }
  }

  private void directed(Directive directive) {
    link.contact();
    switch (directive.getKindCase()) {
      case WELCOME -> welcomed(directive.getWelcome());
      case ASSIGNMENT -> assigned(directive.getAssignment());
      case CANCEL_RUN -> cancelled(directive.getCancelRun().getJobId(), directive.getCancelRun().getEpoch());
      case LEAVE -> leave("gateway: " + directive.getLeave().getReason(), DONE);
      case KIND_NOT_SET -> Say.error("directive_unknown");
    }
  }

  private void welcomed(Welcome welcome) {
    if (welcome.getMaxLogBatchBytes() > 0) {
      maxBatchBytes = welcome.getMaxLogBatchBytes();
    }
    pulse.welcomed(welcome.getHeartbeatIntervalMs(), welcome.getOrphanLimitMs());
  }

  private synchronized void assigned(Assignment job) {
    begin(docket.offered(job));
  }

  private void begin(@Nullable Assignment job) {
    if (job == null) {
      return;
    }
    var attempt = new Run(job, worker, fitness, bootId, link, tree, maxBatchBytes, this::failed);
    run = attempt;
    if (docket.isCancelled(job)) {
      attempt.stop(Run.Stop.CANCELLED);
    }
    Thread.ofPlatform().name("run").daemon().start(() -> runs(attempt));
  }

  /// The agent waits for another assignment, or takes the one that has come already.
  private synchronized void free() {
    run = null;
    begin(docket.free());
  }

  private void runs(Run attempt) {
    try {
      boolean acknowledged = attempt.attempt(agentEnv);
      if (acknowledged && attempt.leavesRoom()) {
        free();
        return;
      }
      if (acknowledged) {
        awaitExit(TimeUnit.SECONDS.toMillis(DESTRUCTION_SECONDS));
      }
      leave("nothing more to do", DONE);
    } catch (RuntimeException | Error e) {
      failed(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void cancelled(String jobId, long epoch) {
    if (docket.cancelled(jobId, epoch) && run != null) {
      Say.info("cancel_received", "job_id", jobId, "epoch", epoch);
      run.stop(Run.Stop.CANCELLED);
    }
  }

  /// 0 while there is no assignment.
  synchronized long epoch() {
    return run == null ? 0 : run.epoch();
  }

  /// Whether [#attend] has its answer.
  boolean over() {
    return exit.isDone();
  }

  /// A call has shown that the agent cannot go on.
  void failed(Throwable why) {
    if (why instanceof GatewayLink.Dismissed) {
      leave("dismissed: " + why.getMessage(), DISMISSED);
    } else {
      leave("bug: " + why, BUG);
      why.printStackTrace();
    }
  }

  /// The heartbeats have met a connection that answers nothing.
  void connectionLost() {
    link.abandonConnection();
    var stream = attendance;
    if (stream != null) {
      stream.cut();
    }
  }

  /// Ends what runs, with the job's grace, and then the agent. The first reason counts; any thread.
  void leave(String why, int exitCode) {
    Duration grace;
    synchronized (this) {
      if (!docket.close()) {
        return;
      }
      grace = stopRun();
    }
    Say.info("leaving", "reason", why, "exit_code", exitCode);
    Thread.ofPlatform().name("leave").start(() -> {
      try {
        tree.end(grace);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      exit.complete(exitCode);
    });
  }

  /// The JVM is going down, by SIGTERM or because all is done: returns when nothing of the job is left. What runs gets its grace once, whoever began;
  /// without a job that is at once.
  void end() {
    leave("the agent is told to end", DONE);
    exit.join();
  }

  private Duration stopRun() {
    if (run == null) {
      return Duration.ZERO;
    }
    run.stop(Run.Stop.LEAVING);
    return run.grace().compareTo(LONGEST_LEAVE) < 0 ? run.grace() : LONGEST_LEAVE;
  }

  private void awaitExit(long ms) {
    try {
      exit.get(ms, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // The usual case: it was only a pause.
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }
}
