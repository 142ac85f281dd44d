package io.hodei.agent;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import io.grpc.Status;
import io.hodei.gateway.v1.BeatReply;
import io.hodei.gateway.v1.BeatRequest;
import java.util.concurrent.TimeUnit;

/// The thread that calls in, notices that no gateway answers any more, and takes ended orphans of the job away.
/// All of it on the monotonic clock, from the agent's start.
final class Pulse implements FutureCallback<BeatReply> {
  private static final long BEAT_DEADLINE_MS = 5_000;
  private static final long SHORTEST_TICK_MS = 20;

  private final Session session;
  private final GatewayLink link;
  private final ProcessTree tree;
  private final BeatRequest beat;
  private volatile long intervalMs = 3_000;
  private volatile long orphanLimitMs = 60_000;
  private volatile boolean welcomed;
  private volatile boolean beating;

  Pulse(Session session, GatewayLink link, ProcessTree tree, String workerId, String bootId) {
    this.session = session;
    this.link = link;
    this.tree = tree;
    this.beat = BeatRequest.newBuilder().setWorkerId(workerId).setBootId(bootId).build();
  }

  void start() {
    Thread.ofPlatform().name("pulse").daemon().start(this::beats);
  }

  void welcomed(long heartbeatIntervalMs, long limitMs) {
    intervalMs = heartbeatIntervalMs > 0 ? heartbeatIntervalMs : intervalMs;
    orphanLimitMs = limitMs > 0 ? limitMs : orphanLimitMs;
    welcomed = true;
  }

  private void beats() {
    long last = System.nanoTime();
    try {
      while (!session.over()) {
        Thread.sleep(Math.max(SHORTEST_TICK_MS, Math.min(1_000, Math.min(intervalMs, orphanLimitMs / 8))));
        if (link.silentMs() >= orphanLimitMs) {
          session.leave("no gateway for " + orphanLimitMs + " ms", Session.ORPHANED);
          return;
        }
        if (welcomed && !beating && System.nanoTime() - last >= TimeUnit.MILLISECONDS.toNanos(intervalMs - SHORTEST_TICK_MS)) {
          last = System.nanoTime();
          beating = true;
          Futures.addCallback(link.futures(BEAT_DEADLINE_MS).beat(beat.toBuilder().setEpoch(session.epoch()).build()), this, Runnable::run);
          tree.reapOrphans();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      session.failed(e);
    }
  }

  @Override
  public void onSuccess(BeatReply reply) {
    link.contact();
    beating = false;
  }

  @Override
  public void onFailure(Throwable error) {
    beating = false;
    var status = Status.fromThrowable(error);
    if (GatewayLink.dismisses(status)) {
      session.failed(new GatewayLink.Dismissed(status));
    } else if (status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
      Say.info("beat_unanswered");
      session.connectionLost();
    }
  }
}
