package io.hodei.dispatcher;

import io.helidon.webserver.grpc.GrpcRouting;
import io.hodei.kit.Key;
import io.hodei.kit.ServiceHost;
import io.hodei.kit.Settings;
import io.hodei.kit.SilenceLimit;
import io.hodei.kit.TopicTail;
import io.hodei.schemas.Topic;
import io.hodei.schemas.SessionSeen;
import io.hodei.schemas.WorkerCommand;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// The dispatcher and its gateway. The order of construction is the order of start; it stops in reverse.
public final class DispatcherService implements AutoCloseable {
  private static final Duration SESSIONS_PERIOD = Duration.ofSeconds(1);

  private final ServiceHost host;

  private DispatcherService(ServiceHost host) {
    this.host = host;
  }

  public static DispatcherService start(Settings settings) {
    ServiceHost host = ServiceHost.start("dispatcher", settings);
    try {
      Reports reports = host.owns("reports", new Reports(host));
      CompletableFuture<Void> read = new CompletableFuture<>();
      AgentCalls calls = new AgentCalls(reports, settings, System::nanoTime, read::isDone);
      TopicTail tail = TopicTail.start("gateway-commands", host.clients(), List.of(settings.topic(Topic.WORKER_COMMANDS)), record -> {
        if (record.value() != null) {
          calls.fold(host.codec().value(Topic.WORKER_COMMANDS, record.value(), WorkerCommand.class));
        }
      });
      tail.caughtUp().thenRun(() -> read.complete(null));
      Gateway gateway = new Gateway(calls, reports, new LogCounter(host.metrics()));
      host.owns("worker-commands tail", tail);
      host.health().check("gateway", () -> tail.caughtUp().isDone() ? null : "The gateway is still reading worker-commands.");
      host.owns("decider", Decider.start(host));
      host.serve((int) settings.number(Key.GATEWAY_PORT),
          server -> {
            server.addRouting(agents(gateway));
            // What the first socket listens on already cannot be listened on twice.
            String second = settings.text(Key.GATEWAY_WORKER_HOST).strip();
            if (!List.of("", settings.text(Key.API_HOST)).contains(second) && !settings.text(Key.API_HOST).equals("0.0.0.0")) {
              server.putSocket("workers", socket -> socket.host(second).port((int) settings.number(Key.GATEWAY_PORT))
                  .connectionOptions(SilenceLimit.USUAL).addRouting(agents(gateway)));
            }
          }, routes -> {});
      host.owns("sessions", (AutoCloseable) calls::closeAll);
      host.loop("sessions", SESSIONS_PERIOD, () -> {
        List<SessionSeen> seen = calls.look();
        reports.mention(reports.of("SessionsSeen", "").setWorkerId(null).setSessions(seen));
      });
      return new DispatcherService(host);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      host.close();
      throw new IllegalStateException("Interrupted while the dispatcher started", e);
    } catch (RuntimeException e) {
      host.close();
      throw e;
    }
  }

  private static GrpcRouting.Builder agents(Gateway gateway) {
    return GrpcRouting.builder().intercept(new Credentials()).service(gateway);
  }

  @Override
  public void close() {
    host.close();
  }
}
