package io.hodei.simulation;

import java.util.function.IntConsumer;

/// The processes of one attempt. They live by themselves: the death of their agent does not end them, the destruction of their worker does.
final class Execution {
  private final World world;
  private final String worker;
  private final String job;
  private final int attempt;
  private final ProviderPart provider;
  private boolean alive;

  Execution(World world, ProviderPart provider, String worker, String job, int attempt) {
    this.world = world;
    this.provider = provider;
    this.worker = worker;
    this.job = job;
    this.attempt = attempt;
  }

  /// Runs for `millis` and exits by itself, unless somebody ends it before.
  void begin(AgentPart agent, long millis, IntConsumer exited) {
    alive = true;
    provider.runs(worker, this);
    world.told(job, worker, () -> "attempt " + attempt + " executes");
    world.witness.began(this);
    world.clockwork.after(millis, () -> finish(agent, exited));
  }

  private void finish(AgentPart agent, IntConsumer exited) {
    if (!alive) {
      return;
    }
    long stopped = agent.millisItsJobIsStopped();
    if (stopped > 0) {
      world.clockwork.after(stopped, () -> finish(agent, exited));
      return;
    }
    end("by itself");
    exited.accept(world.client.plan(job).exitOf(attempt));
  }

  void end(String how) {
    if (alive) {
      alive = false;
      world.told(job, worker, () -> "attempt " + attempt + " is over: " + how);
      world.witness.ended(this);
    }
  }

  boolean isAlive() {
    return alive;
  }

  String job() {
    return job;
  }

  int attempt() {
    return attempt;
  }

  String worker() {
    return worker;
  }
}
