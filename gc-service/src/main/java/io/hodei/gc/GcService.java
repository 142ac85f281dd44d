package io.hodei.gc;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.hodei.kit.DeadLetters;
import io.hodei.kit.Json;
import io.hodei.kit.Key;
import io.hodei.kit.PeriodicLoop;
import io.hodei.kit.Problem;
import io.hodei.kit.ServiceHost;
import io.hodei.kit.Settings;
import io.hodei.kit.TopicTail;
import io.hodei.schemas.Topic;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;

/// The running gc-service: two folds, a loop, one route. Owns no state that a restart would miss.
public final class GcService implements AutoCloseable {
  private final ServiceHost host;

  private GcService(ServiceHost host) {
    this.host = host;
  }

  /// Starts everything; returns when it serves.
  public static GcService start(Settings settings) {
    ServiceHost host = ServiceHost.start("gc-service", settings);
    try {
      assemble(host, settings);
      return new GcService(host);
    } catch (RuntimeException e) {
      host.close();
      throw e;
    }
  }

  private static void assemble(ServiceHost host, Settings settings) {
    Producer<String, byte[]> letters = host.owns("dead letters", host.clients().producer("dead-letters"));
    DeadLetters deadLetters = new DeadLetters(settings, host.service(), host.metrics());
    Rejects rejects = (record, reason) -> deadLetters.send(letters, record, reason);
    InstantSource clock = InstantSource.system();

    WorkerTable table = new WorkerTable(host.codec(), rejects);
    InventoryView inventory = new InventoryView(host.codec(), rejects, clock);
    PoolRules pools = new PoolRules();
    String stateTopic = settings.topic(Topic.WORKER_STATE);
    TopicTail stateTail = host.tail("worker-state", List.of(stateTopic), table::accept);
    TopicTail inventoryTail = host.tail("worker-inventory", List.of(settings.topic(Topic.WORKER_INVENTORY)), inventory::accept);

    Admin admin = host.owns("admin", host.clients().admin());
    CycleWriter writer = host.owns("writer", new CycleWriter(() -> host.clients().transactional("cycle", transactionalId(settings))));
    TableOffsets offsets = new TableOffsets(admin, stateTopic, stateTail);
    host.health().check("table", offsets::trouble);
    GcCycle cycle = new GcCycle(table, offsets, inventory, pools, new CycleRecords(host.codec()),
        writer, host.metrics(), clock);
    Cycles cycles = new Cycles((cause, patience) -> {
      if (!inventoryTail.caughtUp().isDone()) {
        throw new IllegalStateException("Expected worker-inventory to be read up to its end, but it is still being read.");
      }
      return cycle.run(cause, patience);
    });

    host.serve((int) settings.number(Key.GC_PORT), routes -> routes.on(Method.POST, "/v1/gc/runs", (request, response) -> answerRun(cycles, request, response)));
    TopicTail poolTail = host.tail("pools", List.of(settings.topic(Topic.POOLS)), record -> pools.accept(host.codec(), record));
    Duration usual = settings.duration(Key.GC_INTERVAL);
    PeriodicLoop loop = host.loop("gc", usual, () -> {
      inventoryTail.caughtUp().get();
      poolTail.caughtUp().get();
      cycles.periodic();
    });
    pools.changed(() -> loop.every(pools.interval(usual)));
  }

  private static void answerRun(Cycles cycles, ServerRequest request, ServerResponse response) {
    try {
      CycleResult result = cycles.forced();
      if (result.stale()) {
        new Problem(503, "table-stale", "Expected to read worker-state up to its end, but something holds its readers back, most likely an open"
            + " transaction; cycle " + result.cycleId() + " judged nothing, and gc-service goes on trying by itself.").send(response);
        return;
      }
      String answer = Json.text(result.answer());
      response.header(HeaderNames.CONTENT_TYPE, "application/json");
      response.send(answer);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      new Problem(503, "gc-stopped", "Expected a garbage collection cycle, but the service is stopping; try again.").send(response);
    } catch (KafkaException | IllegalStateException e) {
      new Problem(503, "gc-failed", "Expected a garbage collection cycle, but it could not be completed: " + e.getMessage()).send(response);
    }
  }

  /// One per installation on a broker: a second gc-service of it takes over from the first.
  private static String transactionalId(Settings settings) {
    String installation = settings.text(Key.INSTALLATION_ID);
    String prefix = settings.text(Key.TOPICS_PREFIX);
    return "hodei-gc-" + (installation.isEmpty() ? hostName() : installation) + (prefix.equals("hodei.") ? "" : "-" + prefix);
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "local";
    }
  }

  @Override
  public void close() {
    host.close();
  }
}
