package io.hodei.simulation;

import io.hodei.lifecycle.WorkerToken;
import io.hodei.providers.CreatedWorker;
import io.hodei.providers.ProviderException;
import io.hodei.providers.ProviderException.Reason;
import io.hodei.providers.WorkerItem;
import io.hodei.providers.WorkerLaunch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One provider instance with what really exists on it: slow, failing, creating without answering, losing workers by itself, or away.
final class ProviderPart {
  /// What there is of one worker.
  static final class Infrastructure {
    final String worker;
    final Instant createdAt;
    final List<Execution> executions = new ArrayList<>();
    @Nullable AgentPart agent;
    boolean condemned;

    Infrastructure(String worker, Instant createdAt) {
      this.worker = worker;
      this.createdAt = createdAt;
    }
  }

  private final World world;
  private final String id;
  private final Map<String, Infrastructure> infrastructure = new LinkedHashMap<>();
  private long awayUntil;

  ProviderPart(World world, String id) {
    this.world = world;
    this.id = id;
  }

  String id() {
    return id;
  }

  void goAway(long millis) {
    awayUntil = Math.max(awayUntil, world.clockwork.now() + millis);
  }

  boolean isAway() {
    return world.clockwork.now() < awayUntil;
  }

  private void requireReachable() throws ProviderException {
    if (isAway()) {
      throw new ProviderException(Reason.PROVIDER_UNREACHABLE, "Expected an answer of " + id + ", but none came");
    }
  }

  CreatedWorker create(WorkerLaunch launch) throws ProviderException {
    requireReachable();
    Infrastructure there = infrastructure.get(launch.workerId());
    if (there != null) {
      return new CreatedWorker(launch.workerId(), there.agent != null && there.agent.isAlive() ? "ref-" + launch.workerId() : "", true);
    }
    if (world.climate.createFails(world.dice)) {
      if (world.dice.oneIn(3)) {
        put(launch.workerId());
      }
      throw new ProviderException(Reason.PROVISION_FAILED, "Expected to start worker " + launch.workerId() + ", but there was no room");
    }
    Infrastructure made = put(launch.workerId());
    AgentPart agent = new AgentPart(world, this, launch.workerId(), new WorkerToken(launch.token()).hash());
    made.agent = agent;
    if (!world.climate.agentHangs(world.dice)) {
      agent.boot();
    }
    if (world.climate.losesAnswer(world.dice)) {
      throw new ProviderException(Reason.PROVIDER_UNREACHABLE, "Expected an answer of " + id + ", but none came in time");
    }
    return new CreatedWorker(launch.workerId(), "ref-" + launch.workerId(), false);
  }

  /// Something of a worker, without an agent.
  Infrastructure put(String worker) {
    Infrastructure made = new Infrastructure(worker, world.clockwork.instant());
    infrastructure.put(worker, made);
    world.told(null, worker, () -> "infrastructure on " + id);
    world.witness.made(worker);
    return made;
  }

  /// A container is restarted by its engine: the same token, another agent.
  void reboot(String worker) {
    Infrastructure there = infrastructure.get(worker);
    AgentPart agent = there == null ? null : there.agent;
    if (there != null && agent != null && !there.condemned) {
      AgentPart again = agent.twin();
      there.agent = again;
      again.boot();
    }
  }

  /// True: there was something of it.
  boolean destroy(String worker) throws ProviderException {
    requireReachable();
    Infrastructure there = infrastructure.get(worker);
    if (there == null) {
      return false;
    }
    there.condemned = true;
    boolean fails = world.climate.destroyFails(world.dice);
    if (!fails || world.dice.oneIn(2)) {
      kill(there, "destroyed");
    }
    if (fails) {
      throw new ProviderException(Reason.DESTROY_FAILED, "Expected to remove the directory of worker " + worker + ", but it is busy");
    }
    infrastructure.remove(worker);
    world.told(null, worker, () -> "nothing of it is left on " + id);
    return true;
  }

  /// It is gone, and nobody has asked for it.
  void vanish(String worker) {
    Infrastructure there = infrastructure.remove(worker);
    if (there != null) {
      world.told(null, worker, () -> "vanishes from " + id);
      kill(there, "vanished");
    }
  }

  private static void kill(Infrastructure there, String how) {
    there.executions.forEach(execution -> execution.end(how));
    AgentPart agent = there.agent;
    if (agent != null) {
      agent.die(how);
    }
  }

  List<WorkerItem> items() throws ProviderException {
    requireReachable();
    List<WorkerItem> items = new ArrayList<>();
    infrastructure.values().forEach(there -> items.add(new WorkerItem(there.worker, "ref-" + there.worker, there.createdAt,
        there.agent != null && there.agent.isAlive(), "a directory")));
    return items;
  }

  void runs(String worker, Execution execution) {
    Infrastructure there = infrastructure.get(worker);
    if (there != null) {
      there.executions.add(execution);
    }
  }

  /// The watch of whoever is there tells it.
  void agentDied(AgentPart agent, String how) {
    Infrastructure there = infrastructure.get(agent.worker());
    if (there == null || (there.agent == agent && !there.condemned)) {
      world.lifecycleOf(this).exited(agent.worker(), how);
    }
  }

  boolean has(String worker) {
    return infrastructure.containsKey(worker);
  }

  @Nullable AgentPart agentOf(String worker) {
    Infrastructure there = infrastructure.get(worker);
    return there == null ? null : there.agent;
  }

  List<Infrastructure> all() {
    return List.copyOf(infrastructure.values());
  }
}
