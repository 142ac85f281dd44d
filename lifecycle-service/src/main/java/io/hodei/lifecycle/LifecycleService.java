package io.hodei.lifecycle;

import io.hodei.kit.InstallationId;
import io.hodei.kit.Key;
import io.hodei.kit.PeriodicLoop;
import io.hodei.kit.ServiceHost;
import io.hodei.kit.Settings;
import io.hodei.kit.DeadLetters;
import io.hodei.providers.WorkerProvider;
import io.hodei.schemas.Topic;
import io.micrometer.core.instrument.Gauge;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;

/// lifecycle-service, running, with one provider or several. The order of construction is the order of start, its reverse the order of stop. Closing
/// it leaves the workers alone: the next start adopts them.
public final class LifecycleService implements AutoCloseable {
  private static final String NAME = "lifecycle-service";
  private static final Duration ALIVE_PERIOD = Duration.ofSeconds(2);
  private static final int MAX_DESTROYS = 32;

  private final ServiceHost host;

  private LifecycleService(ServiceHost host) {
    this.host = host;
  }

  /// Returns when it serves; the backlog of commands may still be read.
  public static LifecycleService start(Settings settings) {
    ServiceHost host = ServiceHost.start(NAME, settings);
    try {
      List<WorkerProvider> providers;
      try (Admin admin = host.clients().admin()) {
        providers = ProviderSites.open(settings, InstallationId.of(settings, admin));
      }
      Outbox outbox = host.owns("producer", new Outbox(host.clients().producer("reports")));
      providers.forEach(provider -> build(host, provider, outbox));
      host.serve((int) settings.number(Key.LIFECYCLE_PORT), routes -> {});
      return new LifecycleService(host);
    } catch (RuntimeException e) {
      host.close();
      throw e;
    }
  }

  /// The providers of these settings, not watched: for a stop that sweeps up what nobody acts for any more.
  public static List<WorkerProvider> providers(Settings settings, String installationId) {
    return ProviderSites.open(settings, installationId);
  }

  /// All that acts for one provider; nothing of it waits for another's engine.
  private static void build(ServiceHost host, WorkerProvider made, Outbox outbox) {
    Settings settings = host.settings();
    WorkerProvider provider = host.owns("provider", made);
    String suffix = made.type().equals("process") ? "" : "-" + made.type();
    LaneReports reports = new LaneReports(provider.type(), provider.providerId(), InstantSource.system());
    Breaker breaker = new Breaker();
    LaneActs acts = new LaneActs(provider, outbox, host.codec(), new WorkPlan.Surroundings(provider.type(), reports,
        ProviderSites.gatewayFor(provider.type(), settings), InstantSource.system(), WorkerToken::draw), breaker, host.metrics());
    Snapshots snapshots = new Snapshots(provider, outbox, host.codec());
    LowWaterMark mark = new LowWaterMark();
    Lanes lanes = new Lanes(maxCreates(settings), MAX_DESTROYS);
    LaneRunner runner = new LaneRunner(lanes, mark, acts);
    Gauge.builder("hodei.lifecycle.lanes", lanes, Lanes::size).tag("provider", provider.type()).description("Workers with work that runs or waits")
        .register(host.metrics());
    PeriodicLoop inventory =
        host.loop("inventory" + suffix, settings.duration(Key.INVENTORY_INTERVAL), snapshots::take);
    CommandReader reader = host.owns("command reader", new CommandReader(settings.topic(Topic.WORKER_COMMANDS),
        "hodei-lifecycle-" + provider.providerId(), host.clients(), host.codec(), mark, new CommandInbox(
            new CommandSorting(provider.type(), provider.providerId(), runner::add, mark, inventory::nudge), runner, outbox,
            new DeadLetters(settings, NAME, host.metrics()))));
    host.owns("lanes", runner);
    host.loop("provider-alive" + suffix, ALIVE_PERIOD, () -> {
      Optional<String> trouble = troubleOf(provider, breaker);
      acts.tell(trouble.isEmpty() ? reports.providerAlive() : reports.providerAway(trouble.get()));
    });
    host.loop("worker-commands" + suffix, Duration.ZERO, reader::turn);
    provider.watch(exit -> runner.add(new Command.TellExit(exit.workerId(), exit), null));
  }

  /// As a ping and the breaker say.
  private static Optional<String> troubleOf(WorkerProvider provider, Breaker breaker) {
    if (provider.reachable()) {
      breaker.answered();
    } else {
      breaker.silent(provider.providerId() + " does not answer.");
    }
    return breaker.trouble(System.nanoTime());
  }

  private static int maxCreates(Settings settings) {
    int configured = (int) settings.number(Key.LIFECYCLE_MAX_CREATES);
    return configured > 0 ? configured : 2 * Runtime.getRuntime().availableProcessors() + 4;
  }

  @Override
  public void close() {
    host.close();
  }
}
