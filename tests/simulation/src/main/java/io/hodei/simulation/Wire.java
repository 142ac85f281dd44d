package io.hodei.simulation;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.hodei.gateway.v1.Directive;

/// One opening of an agent's stream: what the gateway says arrives in its order, or the stream is cut and it never does.
final class Wire implements StreamObserver<Directive> {
  private final World world;
  private final AgentPart agent;
  private long lastArrival;
  private boolean over;

  Wire(World world, AgentPart agent) {
    this.world = world;
    this.agent = agent;
  }

  @Override
  public void onNext(Directive directive) {
    arrive(() -> agent.directed(this, directive));
  }

  @Override
  public void onError(Throwable error) {
    arrive(() -> agent.cut(this, Status.fromThrowable(error)));
  }

  @Override
  public void onCompleted() {
    arrive(() -> agent.cut(this, Status.OK));
  }

  boolean isOver() {
    return over;
  }

  /// Nothing more arrives; the agent notices after a while.
  void cut(Status status) {
    if (!over) {
      over = true;
      agent.later(world.dice.between(5, 300), () -> agent.cut(this, status));
    }
  }

  private void arrive(Runnable what) {
    if (over || agent.isOutOfReach()) {
      return;
    }
    long at = Math.max(lastArrival, world.clockwork.now() + world.climate.hop(world.dice));
    lastArrival = at;
    agent.later(at - world.clockwork.now(), () -> {
      if (!over) {
        what.run();
      }
    });
  }
}
