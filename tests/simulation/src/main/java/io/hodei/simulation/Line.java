package io.hodei.simulation;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.hodei.dispatcher.AgentCalls;
import io.hodei.gateway.v1.StartReply;
import io.hodei.gateway.v1.StartRequest;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/// The way from an agent to the gateway and back: it takes its time, loses what it likes, and may be cut.
final class Line {
  private static final long START_DEADLINE_MS = 15_000;
  private static final long GATEWAY_PATIENCE_MS = 12_000;

  private final World world;
  private final AgentPart agent;
  private long outOfReachUntil;

  Line(World world, AgentPart agent) {
    this.world = world;
    this.agent = agent;
  }

  void cut(long millis) {
    outOfReachUntil = Math.max(outOfReachUntil, world.clockwork.now() + millis);
  }

  boolean isOutOfReach() {
    return world.clockwork.now() < outOfReachUntil;
  }

  private static final class Once<T> {
    private final Consumer<T> good;
    private final Consumer<Status> bad;
    private boolean done;

    Once(Consumer<T> good, Consumer<Status> bad) {
      this.good = good;
      this.bad = bad;
    }

    void succeed(T answer) {
      if (!done) {
        done = true;
        good.accept(answer);
      }
    }

    void fail(Status status) {
      if (!done) {
        done = true;
        bad.accept(status);
      }
    }
  }

  /// A call that may be lost on its way, there or back: then its deadline tells.
  <T> void call(long deadline, Function<AgentCalls, T> what, Consumer<T> good, Consumer<Status> bad) {
    Once<T> once = new Once<>(answer -> {
      agent.contact();
      good.accept(answer);
    }, bad);
    agent.later(deadline, () -> once.fail(Status.DEADLINE_EXCEEDED));
    reach(once, calls -> {
      T answer = what.apply(calls);
      back(() -> once.succeed(answer));
    });
  }

  /// A gateway that is away or refuses the call fails it, when that comes back.
  private void reach(Once<?> once, Consumer<AgentCalls> atTheGateway) {
    arrive(() -> {
      AgentCalls calls = world.gateway.calls();
      if (calls == null) {
        back(() -> once.fail(Status.UNAVAILABLE));
        return;
      }
      try {
        atTheGateway.accept(calls);
      } catch (StatusRuntimeException e) {
        back(() -> once.fail(e.getStatus()));
      }
    });
  }

  private void arrive(Runnable atTheGateway) {
    if (!isOutOfReach() && !world.climate.losesCall(world.dice)) {
      world.clockwork.after(world.climate.hop(world.dice), () -> served(atTheGateway));
    }
  }

  private void served(Runnable atTheGateway) {
    long frozen = world.gateway.millisFrozen();
    if (frozen > 0) {
      world.clockwork.after(frozen, () -> served(atTheGateway));
    } else {
      atTheGateway.run();
    }
  }

  private void back(Runnable atTheAgent) {
    if (!isOutOfReach() && !world.climate.losesCall(world.dice)) {
      agent.later(world.climate.hop(world.dice), atTheAgent);
    }
  }

  static boolean isDismissal(Status status) {
    return status.getCode() == Status.Code.UNAUTHENTICATED || status.getCode() == Status.Code.FAILED_PRECONDITION;
  }

  /// The question whether it may execute, which is answered when the dispatcher has decided.
  void start(StartRequest request, String tokenHash, Consumer<StartReply> good, Consumer<Status> bad) {
    Once<StartReply> once = new Once<>(good, bad);
    agent.later(START_DEADLINE_MS, () -> once.fail(Status.DEADLINE_EXCEEDED));
    reach(once, calls -> {
      CompletableFuture<StartReply> answer = calls.start(request, tokenHash);
      world.clockwork.after(GATEWAY_PATIENCE_MS, () -> {
        if (!answer.isDone()) {
          calls.giveUp(request, answer);
          back(() -> once.fail(Status.UNAVAILABLE));
        }
      });
      answer.whenComplete((reply, failure) -> {
        calls.giveUp(request, answer);
        if (world.gateway.calls() == calls) {
          back(() -> {
            if (failure == null) {
              once.succeed(reply);
            } else {
              once.fail(Status.FAILED_PRECONDITION);
            }
          });
        }
      });
    });
  }
}
