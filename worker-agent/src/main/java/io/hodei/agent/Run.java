package io.hodei.agent;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.Status;
import io.hodei.gateway.v1.Assignment;
import io.hodei.gateway.v1.ReportEndRequest;
import io.hodei.gateway.v1.SendLogsRequest;
import io.hodei.gateway.v1.StartReply;
import io.hodei.gateway.v1.StartRequest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One attempt, from the grant to the acknowledged report, on its own thread.
/// Promises: nothing is executed without a grant, nor once [#stop] has been called; the end is reported only when no
/// process of the job is left and its whole log is acknowledged.
final class Run {
  private static final Duration LEFTOVER_GRACE = Duration.ofMillis(500);
  private static final Duration UNLIMITED = Duration.ofDays(3_650);
  private static final long OPEN_STREAM_GUARD_MS = 2_000;
  private static final long START_DEADLINE_MS = 15_000;
  private static final long START_PAUSE_MS = 100;

  /// Why an attempt is ended from outside. The first reason counts.
  enum Stop { CANCELLED, TIMEOUT, LEAVING }

  private enum Grant { GRANTED, REFUSED, STOPPED }

  private final Assignment job;
  private final WorkerFile worker;
  private final Fitness fitness;
  private final String bootId;
  private final GatewayLink link;
  private final ProcessTree tree;
  private final LogBuffer log;
  private final LogShipper shipper;
  private final AtomicReference<@Nullable Stop> stop = new AtomicReference<>();
  private final Object executing = new Object();
  private volatile @Nullable ListenableFuture<StartReply> starting;
  private @Nullable Process process;
  private @Nullable Thread killer;
  private boolean ended;
  private long killedBefore;
  private @Nullable String unfit;

  Run(Assignment job, WorkerFile worker, Fitness fitness, String bootId, GatewayLink link, ProcessTree tree, long maxBatchBytes, Consumer<Throwable> failed) {
    this.job = job;
    this.worker = worker;
    this.fitness = fitness;
    this.bootId = bootId;
    this.link = link;
    this.tree = tree;
    this.log = new LogBuffer(maxBatchBytes, job.getMaxLogBytes());
    this.shipper = new LogShipper(link, log, SendLogsRequest.newBuilder()
        .setWorkerId(worker.workerId()).setBootId(bootId).setJobId(job.getJobId()).setAttempt(job.getAttempt()).setEpoch(job.getEpoch()).build(), failed);
  }

  long epoch() {
    return job.getEpoch();
  }

  String jobId() {
    return job.getJobId();
  }

  /// After the end of the attempt: whether this agent may take another.
  boolean leavesRoom() {
    return job.getReusable() && unfit == null;
  }

  /// Any thread. Before the exec it prevents it; after it, CANCELLED kills the tree with the job's grace, while
  /// LEAVING leaves the killing to the caller.
  void stop(Stop why) {
    if (!stop.compareAndSet(null, why)) {
      return;
    }
    var call = starting;
    if (call != null) {
      call.cancel(true);
    }
    synchronized (executing) {
      if (why == Stop.CANCELLED && process != null && !ended) {
        killer = Thread.ofPlatform().name("cancel").daemon().start(() -> endTree(grace()));
      }
    }
  }

  Duration grace() {
    return Duration.ofMillis(job.getGracefulTerminationMs());
  }

  /// True: the end of the attempt is acknowledged; false: it was refused or is no longer wanted.
  boolean attempt(Map<String, String> agentEnv) throws InterruptedException {
    if (job.getReusable()) {
      fitness.remember();
    }
    var startedMs = System.currentTimeMillis();
    var outcome = switch (ask()) {
      case GRANTED -> execute(agentEnv);
      case REFUSED -> null;
      case STOPPED -> stoppedBeforeStart();
    };
    if (outcome == null) {
      return false;
    }
    if (job.getReusable()) {
      unfit = Docket.unfitAfter(job, outcome.isSuccess());
      unfit = unfit == null ? fitness.lost() : unfit;
    }
    report(outcome, startedMs);
    return true;
  }

  private Grant ask() throws InterruptedException {
    var request = StartRequest.newBuilder().setWorkerId(worker.workerId()).setBootId(bootId).setJobId(job.getJobId()).setEpoch(job.getEpoch()).build();
    while (stop.get() == null) {
      var call = link.futures(START_DEADLINE_MS).start(request);
      starting = call;
      if (stop.get() != null) {
        call.cancel(true);
      }
      try {
        var reply = call.get();
        link.contact();
        Say.info(reply.getGranted() ? "start_granted" : "start_refused", "job_id", job.getJobId(), "epoch", job.getEpoch(), "refusal", reply.getRefusal());
        return reply.getGranted() ? Grant.GRANTED : Grant.REFUSED;
      } catch (CancellationException e) {
        return Grant.STOPPED;
      } catch (ExecutionException e) {
        var status = Status.fromThrowable(e);
        if (GatewayLink.dismisses(status)) {
          throw new GatewayLink.Dismissed(status);
        }
        Say.info("call_repeated", "call", "Start", "status", status.getCode());
        Thread.sleep(START_PAUSE_MS);
      }
    }
    return Grant.STOPPED;
  }

  private @Nullable Outcome stoppedBeforeStart() {
    return stop.get() == Stop.CANCELLED ? Outcome.cancelledBeforeStart() : null;
  }

  private @Nullable Outcome execute(Map<String, String> agentEnv) throws InterruptedException {
    if (!tree.awaitAdoption()) {
      Say.error("no_subreaper", "message", "descendants that daemonise are not found by the agent");
    }
    Launch launch;
    killedBefore = worker.container() ? MemoryLimit.kills() : 0;
    synchronized (executing) {
      if (stop.get() != null) {
        return stoppedBeforeStart();
      }
      launch = Launch.of(job, worker, agentEnv);
      if (launch instanceof Launch.Started started) {
        process = started.process();
        if (worker.container()) {
          MemoryLimit.takesFirst(started.process().pid());
        }
        tree.jobIs(started.process().pid());
      }
    }
    return switch (launch) {
      case Launch.Failed(var outcome) -> outcome;
      case Launch.Started started -> supervise(started);
    };
  }

  private @Nullable Outcome supervise(Launch.Started started) throws InterruptedException {
    LogReader.start(started, log);
    shipper.start();
    var timeout = job.getTimeoutMs() > 0 ? Duration.ofMillis(job.getTimeoutMs()) : UNLIMITED;
    if (!started.process().waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS) && stop.compareAndSet(null, Stop.TIMEOUT)) {
      endTree(grace());
    }
    int status = started.process().waitFor();
    tree.jobIs(0);
    Stop why;
    Thread killing;
    synchronized (executing) {
      ended = true;
      why = stop.get();
      killing = killer;
    }
    if (why != Stop.LEAVING) {
      awaitSilence(killing);
    }
    return switch (why) {
      case LEAVING -> null;
      case CANCELLED -> Outcome.cancelled();
      case TIMEOUT -> Outcome.timedOut(timeout);
      case null -> status != 0 && worker.container() && MemoryLimit.kills() > killedBefore ? Outcome.outOfMemory(status) : Outcome.exited(status);
    };
  }

  /// Until nothing of the job is left and its output is read to the end.
  private void awaitSilence(@Nullable Thread killing) throws InterruptedException {
    if (killing != null) {
      killing.join();
    }
    tree.end(LEFTOVER_GRACE);
    if (!log.awaitStreamsEnd(OPEN_STREAM_GUARD_MS)) {
      Say.error("stream_held_open", "job_id", job.getJobId(), "message", "somebody who is no descendant of the job holds its output");
    }
  }

  private void endTree(Duration grace) {
    try {
      tree.end(grace);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void report(Outcome outcome, long startedMs) throws InterruptedException {
    long endedMs = Math.max(startedMs, System.currentTimeMillis());
    log.finish();
    shipper.start();
    var shipped = shipper.await();
    var end = ReportEndRequest.newBuilder()
        .setWorkerId(worker.workerId()).setBootId(bootId).setJobId(job.getJobId()).setAttempt(job.getAttempt()).setEpoch(job.getEpoch())
        .setReason(outcome.reason()).setCategory(outcome.category()).setMessage(outcome.message()).setSuggestedAction(outcome.action())
        .setSignal(outcome.signal())
        .setStartedAtMs(startedMs).setEndedAtMs(endedMs)
        .setLogPartition(shipped.last().getPartition()).setLogFirstOffset(shipped.first().getOffset()).setLogLastOffset(shipped.last().getOffset())
        .setLog(shipped.end()).setLogComplete(true);
    if (unfit != null) {
      end.setUnfit(unfit);
    }
    if (outcome.exitCode() != null) {
      end.setHasExitCode(true).setExitCode(outcome.exitCode());
    }
    var message = end.build();
    link.untilAnswered("ReportEnd", gateway -> gateway.reportEnd(message));
    Say.info("end_acknowledged", "job_id", job.getJobId(), "epoch", job.getEpoch(), "reason", outcome.reason(), "exit_code", outcome.exitCode());
  }
}
