package io.hodei.simulation;

import io.hodei.domain.Worker;
import io.hodei.domain.WorkerState;
import io.hodei.kit.Settings;
import io.hodei.testkit.PlainAvro;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One world, made of a seed: a broker, a dispatcher with its gateway, lifecycle-services with their providers, gc-service, agents, clients and
/// troubles, all on one thread. First comes the storm, then the calm in which everything has to end.
final class World {
  static final Settings SETTINGS = Settings.of(Map.of("hodei.kafka.value-serializer", PlainAvro.class.getName(),
      "hodei.kafka.value-deserializer", PlainAvro.class.getName()));
  /// Long enough for a provider's last deadline, a backoff, and a queue of all jobs on one slot.
  private static final long LONGEST_CALM_MS = 3_600_000;
  private static final long LOOK_MS = 500;
  private static final long MOST_STEPS = 3_000_000;

  final @Nullable Mutant mutant;
  final Clockwork clockwork = new Clockwork();
  final Dice dice;
  final Climate climate;
  final Weather weather;
  final Broker broker;
  final Witness witness;
  final GatewayPart gateway;
  final List<LifecyclePart> lifecycles = new ArrayList<>();
  final GcPart gc;
  final ClientPart client;
  private final @Nullable Trace trace;
  private final Troubles troubles;
  private @Nullable DispatcherLife decider;
  private long calmSince;
  private long ids;
  private long workers;
  private boolean isOver;

  World(long seed, @Nullable Mutant mutant, @Nullable Trace trace) {
    this.mutant = mutant;
    this.trace = trace;
    this.dice = new Dice(seed);
    this.climate = new Climate(dice, mutant);
    this.weather = new Weather(this);
    this.broker = new Broker(this);
    this.witness = new Witness(this);
    this.gateway = new GatewayPart(this);
    this.gc = new GcPart(this);
    this.client = new ClientPart(this);
    this.troubles = new Troubles(this);
    for (int number = 1; number <= climate.providers(); number++) {
      lifecycles.add(new LifecyclePart(this, new ProviderPart(this, "p-" + number)));
    }
  }

  /// Lives until everything has ended, a promise is broken, or `mostSteps` are done.
  void run(long mostSteps) {
    for (Partition<?> input : List.of(broker.requests, broker.control, broker.reports)) {
      input.told(() -> {
        DispatcherLife life = decider;
        if (life != null) {
          life.wake();
        }
      });
    }
    broker.commands.told(gateway::wake);
    lifecycles.forEach(lifecycle -> broker.commands.told(lifecycle::wake));
    told(null, null, () -> "the world: " + climate);
    startDecider();
    gateway.start();
    lifecycles.forEach(LifecyclePart::start);
    gc.start();
    client.start();
    troubles.start();
    clockwork.after(LOOK_MS, this::look);
    long limit = Math.min(mostSteps, MOST_STEPS);
    while (!isOver && witness.broken() == null && clockwork.steps() < limit && clockwork.step()) {
      // The next step.
    }
  }

  private void look() {
    long now = clockwork.now();
    witness.promptness.look();
    if (!climate.isCalm() && (client.isDone() && now >= climate.shortestStorm() || now > climate.longestStorm())) {
      calm();
    } else if (climate.isCalm() && isQuiet()) {
      witness.quiet();
      isOver = true;
      return;
    } else if (climate.isCalm() && now - calmSince > LONGEST_CALM_MS) {
      isOver = true;
      return;
    }
    clockwork.after(LOOK_MS, this::look);
  }

  /// Nothing more goes wrong; who is away comes back when his time is over.
  private void calm() {
    told(null, null, () -> "✓ calm");
    if (climate.isRough()) {
      weather.trouble(0);
    }
    climate.calm();
    calmSince = clockwork.now();
    if (climate.has(Trouble.POOL_CHANGES)) {
      client.pool("{" + climate.poolKind() + "\"mode\":\"ephemeral\",\"maxWorkers\":8,\"policy\":{\"maxCreating\":8,\"idleTimeout\":\"5s\",\"ttlAfterCompletion\":\"5s\",\"createTimeout\":\"20s\",\"connectTimeout\":\"20s\"}}");
    }
    if (climate.has(Trouble.FLAGS_CHANGE)) {
      client.flags(true, true, 100);
    }
  }

  private boolean isQuiet() {
    return client.isDone() && broker.jobs.isEmpty() && broker.workers.values().stream().allMatch(World::isGone)
        && lifecycles.stream().allMatch(lifecycle -> lifecycle.provider().all().isEmpty()) && decider != null && decider.hasReadAll();
  }

  private static boolean isGone(Worker worker) {
    return worker.state() == WorkerState.TERMINATED;
  }

  void startDecider() {
    told(null, null, () -> "a dispatcher takes over");
    broker.takenOver();
    DispatcherLife fresh = new DispatcherLife(this, broker.fence());
    decider = fresh;
    fresh.begin();
  }

  void stopDecider() {
    DispatcherLife life = decider;
    if (life != null && !life.isDead()) {
      life.die();
    }
  }

  void freezeDecider(long millis) {
    DispatcherLife life = decider;
    if (life != null) {
      life.freeze(millis);
    }
  }

  LifecyclePart lifecycleOf(ProviderPart provider) {
    return lifecycles.stream().filter(lifecycle -> lifecycle.provider() == provider).findFirst().orElseThrow();
  }

  boolean hasInfrastructure(String worker) {
    return lifecycles.stream().anyMatch(lifecycle -> lifecycle.provider().has(worker));
  }

  boolean existsSince(String worker, Instant moment) {
    return lifecycles.stream().flatMap(lifecycle -> lifecycle.provider().all().stream()).anyMatch(there -> there.worker.equals(worker)
        && !there.createdAt.isAfter(moment));
  }

  @Nullable AgentPart agentOf(String worker) {
    for (LifecyclePart lifecycle : lifecycles) {
      AgentPart agent = lifecycle.provider().agentOf(worker);
      if (agent != null) {
        return agent;
      }
    }
    return null;
  }

  String nextId() {
    return "id-" + ++ids;
  }

  String nextWorker() {
    return "w-" + ++workers;
  }

  /// For the trace, if there is one.
  void told(@Nullable String job, @Nullable String worker, Supplier<String> what) {
    if (trace != null) {
      trace.add(clockwork.now(), clockwork.steps(), job, worker, what.get());
    }
  }
}
