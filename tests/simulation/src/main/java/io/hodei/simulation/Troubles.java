package io.hodei.simulation;

import io.grpc.StatusRuntimeException;
import io.hodei.dispatcher.AgentCalls;
import io.hodei.domain.Binding;
import io.hodei.domain.Worker;
import io.hodei.domain.WorkerState;
import io.hodei.gateway.v1.ReportEndRequest;
import java.util.ArrayList;
import java.util.List;

/// Makes happen what a world's climate knows, at moments by chance, until it is calmed.
final class Troubles {
  private static final long SESSION_MS = 6_000;

  private final World world;
  private int strays;

  Troubles(World world) {
    this.world = world;
  }

  void start() {
    if (world.climate.has(Trouble.SKEW) && world.clockwork.now() == 0) {
      world.climate.strike(Trouble.SKEW);
    }
    world.clockwork.after(world.dice.between(1, 2 * world.climate.troubleEvery()), this::next);
  }

  private void next() {
    if (world.climate.isCalm()) {
      return;
    }
    List<Trouble> known = new ArrayList<>(world.climate.troubles());
    if (!known.isEmpty()) {
      befall(world.dice.of(known));
    }
    start();
  }

  private long between(long low, long high) {
    return world.dice.between(low, high);
  }

  /// One in so many; every other one where lives are long.
  private boolean isLong(int oneIn) {
    return world.dice.oneIn(world.climate.hasLongLives() ? 2 : oneIn);
  }

  /// For how long an agent is frozen. What stands still as a whole may go on when it wakes up, before its agent has noticed anything; so no
  /// container is paused for as long as silence takes to prove it dead.
  private long frozen() {
    if (world.climate.isOrderly()) {
      return between(500, 60_000);
    }
    return world.climate.hasLongLives() && !world.climate.hasContainers() && world.dice.oneIn(2) ? between(60_000, 400_000) : between(500, 40_000);
  }

  private void befall(Trouble trouble) {
    LifecyclePart lifecycle = world.dice.of(world.lifecycles);
    if (!Trouble.OF_ONE.contains(trouble) && !Trouble.ALL_THE_TIME.contains(trouble) && !world.broker.jobs.isEmpty()) {
      world.climate.strike(trouble);
    }
    switch (trouble) {
      case DISPATCHER_DIES -> dispatcher(between(100, 10_000));
      case THREAD_DIES -> {
        say("the dispatcher's thread dies");
        world.stopDecider();
        long away = between(50, 4_000);
        world.weather.trouble(away);
        world.clockwork.after(away, world::startDecider);
      }
      case DISPATCHER_IS_A_ZOMBIE -> zombie(between(500, 30_000));
      case GATEWAY_FREEZES -> {
        say("the gateway freezes");
        long frozen = between(500, 20_000);
        world.weather.trouble(frozen);
        world.gateway.freeze(frozen);
      }
      case LIFECYCLE_DIES -> lifecycle(lifecycle, isLong(6) ? between(100_000, world.climate.hasLongLives() ? 400_000 : 200_000) : between(100, 15_000));
      case HOST_LOSES_OURS -> {
        lifecycle(lifecycle, between(100_000, 400_000));
        lifecycle.provider().all().stream().filter(there -> world.dice.oneIn(3)).forEach(there -> agent(Trouble.AGENT_DIES, lifecycle.provider(), there));
      }
      case LIFECYCLE_FREEZES -> {
        say("lifecycle-service " + lifecycle.provider().id() + " freezes");
        long frozen = between(500, 20_000);
        world.weather.trouble(frozen);
        lifecycle.freeze(frozen);
      }
      case GC_DIES -> gc(between(100, 20_000));
      case BROKER_IS_AWAY -> broker(between(100, 15_000));
      case EVERYTHING_IS_AWAY -> {
        long away = between(500, 20_000);
        broker(away);
        dispatcher(away);
        world.lifecycles.forEach(each -> lifecycle(each, away + between(0, 2_000)));
        gc(away);
      }
      case PROVIDER_IS_AWAY -> {
        say(lifecycle.provider().id() + " is away");
        long away = between(500, 60_000);
        world.weather.trouble(away);
        lifecycle.provider().goAway(away);
      }
      case AGENT_DIES, AGENT_FREEZES, AGENT_IS_CUT_OFF, AGENT_IS_RESTARTED, WORKER_VANISHES -> {
        List<ProviderPart.Infrastructure> all = lifecycle.provider().all();
        if (!all.isEmpty()) {
          agent(trouble, lifecycle.provider(), world.dice.of(all));
        }
      }
      case STRAY -> {
        String stray = "stray-" + ++strays;
        lifecycle.provider().put(stray);
        world.witness.promptness.stray(lifecycle.provider(), stray);
      }
      case INTRUDER -> intruder();
      case DRAIN, DESTROY -> {
        List<Worker> workers = List.copyOf(world.broker.workers.values());
        if (!workers.isEmpty()) {
          Worker worker = world.dice.of(workers);
          if (worker.state() == WorkerState.BUSY) {
            world.climate.strike(trouble);
          }
          world.weather.touch(worker.id().value());
          world.client.drain(worker.id(), trouble == Trouble.DESTROY);
        }
      }
      case POOL_CHANGES -> world.client.pool(pool());
      case FLAGS_CHANGE -> world.client.flags(!world.dice.oneIn(3), !world.dice.oneIn(3), world.dice.below(101));
      case SLOW_PROVIDER, FAILING_PROVIDER, LOST_ANSWERS, BROKEN_LISTINGS, STALE_LISTINGS, LOST_CALLS, REPEATS, DELAYS, SKEW, CANCELS -> {
      }
    }
  }

  private void say(String what) {
    world.told(null, null, () -> "✗ " + what);
  }

  private void dispatcher(long away) {
    say("the dispatcher dies");
    world.weather.trouble(away + 1_000);
    world.stopDecider();
    world.gateway.die();
    world.clockwork.after(away, world::startDecider);
    world.clockwork.after(away + between(0, 1_000), world.gateway::start);
  }

  private void zombie(long freeze) {
    say("the dispatcher freezes for " + freeze + " ms");
    world.weather.trouble(Math.max(freeze, SESSION_MS));
    world.freezeDecider(freeze);
    if (freeze > SESSION_MS) {
      world.clockwork.after(SESSION_MS, world::startDecider);
    }
  }

  private void lifecycle(LifecyclePart part, long away) {
    say("lifecycle-service " + part.provider().id() + " dies");
    world.weather.trouble(away);
    part.die();
    world.clockwork.after(away, part::start);
  }

  private void gc(long away) {
    say("gc-service dies");
    world.weather.trouble(away);
    world.gc.die();
    world.clockwork.after(away, world.gc::start);
  }

  private void broker(long away) {
    say("the broker is away for " + away + " ms");
    world.weather.trouble(away);
    world.broker.goAway(away);
  }

  private void agent(Trouble trouble, ProviderPart provider, ProviderPart.Infrastructure there) {
    AgentPart agent = there.agent;
    if (agent == null || !agent.isAlive()) {
      return;
    }
    if (agent.executes()) {
      world.climate.strike(trouble);
    }
    world.weather.touch(there.worker);
    switch (trouble) {
      case AGENT_DIES -> {
        if (!agent.isFrozen()) {
          world.witness.promptness.died(there.worker);
        }
        agent.die("killed by somebody");
      }
      case AGENT_FREEZES -> {
        world.told(null, there.worker, () -> "✗ its agent freezes");
        long frozen = frozen();
        world.witness.promptness.silent(there.worker, frozen);
        agent.freeze(frozen, world.dice.oneIn(2));
      }
      case AGENT_IS_CUT_OFF -> {
        world.told(null, there.worker, () -> "✗ its agent is cut off");
        long away = isLong(world.climate.isOrderly() ? 2 : 4) ? between(60_000, 180_000) : between(500, 30_000);
        world.witness.promptness.silent(there.worker, away);
        agent.cutOff(away);
      }
      case AGENT_IS_RESTARTED -> provider.reboot(there.worker);
      default -> provider.vanish(there.worker);
    }
  }

  /// Who has not the token of a worker is told so, whatever he wants.
  private void intruder() {
    AgentCalls calls = world.gateway.calls();
    List<Worker> workers = world.broker.workers.values().stream().filter(worker -> worker.isConnected() && worker.head().binding() != null).toList();
    if (calls == null || workers.isEmpty()) {
      return;
    }
    Worker worker = world.dice.of(workers);
    String id = worker.id().value();
    Binding attempt = worker.head().binding();
    world.climate.strike(Trouble.INTRUDER);
    world.told(null, id, () -> "✗ somebody without its token reports an end of its attempt");
    try {
      calls.reportEnd(ReportEndRequest.newBuilder().setWorkerId(id).setBootId(String.valueOf(worker.head().bootId()))
          .setJobId(attempt == null ? "" : attempt.job().value()).setAttempt(1).setEpoch(attempt == null ? 0 : attempt.epoch()).setReason("EXIT_CODE").setHasExitCode(true).build(),
          Mutations.token(world, worker, "not-its-token"));
      world.witness.broken("OneTokenOneAgent", id, "the gateway takes the word of somebody who has not its token");
    } catch (StatusRuntimeException e) {
      // As it has to be.
    }
  }

  private String pool() {
    return "{" + world.climate.poolKind() + "\"mode\":\"" + (world.climate.provider().equals("process") && world.dice.oneIn(2) ? "reusable" : "ephemeral") + "\",\"maxWorkers\":" + world.dice.below(10) + ",\"policy\":{\"maxCreating\":"
        + (1 + world.dice.below(8)) + ",\"maxJobs\":" + world.dice.below(4) + ",\"idleTimeout\":\"" + (1 + world.dice.below(10)) + "s\",\"ttlAfterCompletion\":\""
        + world.dice.below(10) + "s\",\"keepOnFailure\":" + world.dice.oneIn(4) + ",\"createTimeout\":\"" + (10 + world.dice.below(50))
        + "s\",\"connectTimeout\":\"" + (10 + world.dice.below(50)) + "s\"}}";
  }
}
