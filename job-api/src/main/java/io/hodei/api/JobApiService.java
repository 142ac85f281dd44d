package io.hodei.api;

import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.helidon.webserver.http.Handler;
import io.hodei.kit.Codec;
import io.hodei.kit.GrpcRoutes;
import io.hodei.kit.HostCheck;
import io.hodei.kit.InstallationId;
import io.hodei.kit.Key;
import io.hodei.kit.Routes;
import io.hodei.kit.ServiceHost;
import io.hodei.kit.Settings;
import io.hodei.kit.Slots;
import io.hodei.schemas.Topic;
import io.micrometer.core.instrument.Gauge;
import java.time.Duration;
import java.time.InstantSource;
import org.apache.kafka.clients.admin.Admin;

/// job-api, running. The order of construction is the order of start, its reverse the order of stop.
public final class JobApiService implements AutoCloseable {
  private static final String NAME = "job-api";

  private static final Duration LOOK = Duration.ofSeconds(5);

  private final ServiceHost host;
  private final int port;

  private JobApiService(ServiceHost host, int port) {
    this.host = host;
    this.port = port;
  }

  /// Returns when it serves; until its views have caught up it answers 503 and is not ready.
  public static JobApiService start(Settings settings) {
    ServiceHost host = ServiceHost.start(NAME, settings);
    try {
      return new JobApiService(host, build(host, InstantSource.system()));
    } catch (RuntimeException e) {
      host.close();
      throw e;
    }
  }

  private static int build(ServiceHost host, InstantSource clock) {
    Settings settings = host.settings();
    Codec codec = host.codec();
    Duration ackTimeout = settings.duration(Key.API_ACK_TIMEOUT);
    CursorSeal seal = seal(host);
    Views views = new Views(host);
    views.start(clock);
    Outbox outbox = host.owns("outbox", new Outbox(host.clients(), ackTimeout));
    Submission submission = new Submission(outbox, codec, views.jobs, views.ledger, views::awaitRequests, ackTimeout,
        settings.number(Key.API_MAX_OPEN_MIB) << 20, clock);
    EventLog events = new EventLog(host.clients(), codec, settings.topic(Topic.JOB_EVENTS));
    LogCalls logs = new LogCalls(views.jobs, id -> new KafkaLogFeed(host.clients(), codec, settings.topic(Topic.JOB_LOGS), id));
    SubmitCalls submits = new SubmitCalls(submission, views.pools, views.jobs);
    ControlCalls control = new ControlCalls(outbox, codec, views.jobs, views.workers, ackTimeout, clock);
    JobCalls jobs = new JobCalls(views.jobs, new Why(views.jobs, views.workers, views.pools, views.flags, views.providers), events, seal, clock);
    Calls calls = new Calls(submits, control, jobs, logs,
        new FleetCalls(views.workers, views.cleanup, seal, clock),
        new PoolCalls(views.pools, views.providers, outbox, codec, Slots.of(settings), ackTimeout, clock),
        new FlagCalls(views.flags, outbox, codec, ackTimeout, clock),
        host.owns("proxy", new ProxyCalls(settings.text(Key.AUDIT_URL), settings.text(Key.GC_URL))),
        letters(host, views, seal, ackTimeout),
        new OpenApi());
    GrpcRoutes grpc = grpc(host, new JobGrpc(views, submits, control, jobs, logs), logs);
    int port = host.serve((int) settings.number(Key.API_PORT), grpc::addTo,
        routes -> route(routes, calls, views)).port();
    Gauge.builder("hodei.grpc.calls.open", grpc, GrpcRoutes::open).description("gRPC calls that are being answered").register(host.metrics());
    host.loop("grpc-calls", LOOK, grpc::look);
    host.owns("followers", logs);
    return port;
  }

  private static CursorSeal seal(ServiceHost host) {
    try (Admin admin = host.clients().admin()) {
      return new CursorSeal(InstallationId.of(host.settings(), admin));
    }
  }

  // Clients of reflection speak v1, v1alpha, or one after the other.
  @SuppressWarnings("deprecation")
  private static GrpcRoutes grpc(ServiceHost host, JobGrpc jobs, LogCalls logs) {
    HostCheck hosts = new HostCheck(host.settings().text(Key.API_HOST), host.settings().text(Key.API_ALLOWED_HOSTS));
    return new GrpcRoutes(hosts, host.metrics(), GrpcRoutes.PATIENCE, jobs, new GrpcHealth(() -> host.health().failures().isEmpty(), logs::isClosed),
        ProtoReflectionServiceV1.newInstance(), ProtoReflectionService.newInstance());
  }

  private static LetterCalls letters(ServiceHost host, Views views, CursorSeal seal, Duration ackTimeout) {
    Settings settings = host.settings();
    String topic = settings.topic(Topic.DEAD_LETTERS);
    LetterReader reader = new LetterReader(host.clients(), topic);
    LetterEnd end = new LetterEnd(host.owns("admin", host.clients().admin()), topic,
        (partition, offset, patience) -> views.await(Topic.DEAD_LETTERS, partition, offset, patience));
    // One id for all job-apis on these topics: whoever writes fences the others off.
    Transactions transactions = host.owns("letters", new Transactions(host.clients(), "letters", topic + "-withdrawals", ackTimeout));
    LetterWithdrawal withdrawal = new LetterWithdrawal(transactions, views.letters, end, reader, settings.topic(Topic.JOB_REQUESTS), topic, ackTimeout);
    return new LetterCalls(views, withdrawal, reader, new RequestDecoder(host.codec()), seal);
  }

  private static void route(Routes routes, Calls calls, Views views) {
    for (Route route : Route.values()) {
      Handler call = calls.of(route);
      routes.on(route.method(), route.path(), Calls.readsViews(route) ? afterCatchUp(views, call) : call);
    }
  }

  private static Handler afterCatchUp(Views views, Handler call) {
    return (request, response) -> {
      views.require();
      call.handle(request, response);
    };
  }

  /// Where it listens.
  public int port() {
    return port;
  }

  @Override
  public void close() {
    host.close();
  }
}
