package io.hodei.kit;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One service in this process: its health, its metrics, its web server, and what it stops, in reverse order of start.
/// Several may live in one JVM.
public final class ServiceHost implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceHost.class);

  private record Part(String name, AutoCloseable closeable) {}

  private final String service;
  private final Settings settings;
  private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final List<PlainCounter> plain = new CopyOnWriteArrayList<>();
  private final Health health = new Health();
  private final Deque<Part> parts = new ArrayDeque<>();
  private final KafkaClients clients;
  private final Codec codec;

  private ServiceHost(String service, Settings settings) {
    this.service = service;
    this.settings = settings;
    this.clients = new KafkaClients(settings, service);
    this.codec = new Codec(settings);
    new JvmMemoryMetrics().bindTo(metrics);
  }

  /// Makes the host and waits until Kafka has the topics and every schema has its id (two minutes at most).
  public static ServiceHost start(String service, Settings settings) {
    if (settings.number(Key.SHARDS) != 1) {
      throw new SettingsException("Expected 1 for hodei.shards, but found " + settings.number(Key.SHARDS)
          + "; more than one shard is not built yet.");
    }
    ServiceHost host = new ServiceHost(service, settings);
    try (Admin admin = host.clients.admin()) {
      Topics.ensure(admin, settings, Duration.ofMinutes(2));
      SchemaIds.of(settings.text(Key.REGISTRY_URL)).prepare(settings, host.clients, Duration.ofMinutes(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while " + service + " started", e);
    }
    return host;
  }

  public String service() {
    return service;
  }

  public Settings settings() {
    return settings;
  }

  public MeterRegistry metrics() {
    return metrics;
  }

  /// A counter under exactly this name, the ending `_total` included.
  public PlainCounter plainCounter(String name, String about) {
    PlainCounter counter = new PlainCounter(name, about);
    plain.add(counter);
    return counter;
  }

  public Health health() {
    return health;
  }

  public KafkaClients clients() {
    return clients;
  }

  public Codec codec() {
    return codec;
  }

  /// Closes `part` when the service stops, before everything that was given earlier.
  public <T extends AutoCloseable> T owns(String name, T part) {
    synchronized (parts) {
      parts.push(new Part(name, part));
    }
    return part;
  }

  /// Follows `topics` until the service stops; it is not ready while Kafka is silent.
  public TopicTail tail(String name, List<String> topics, Consumer<ConsumerRecord<String, byte[]>> handler) {
    TopicTail tail = owns("tail " + name, TopicTail.start(name, clients, topics, handler));
    health.check("kafka-" + name, tail::trouble);
    return tail;
  }

  /// Starts a periodic loop: counted, watched by readiness, stopped with the service.
  public PeriodicLoop loop(String name, Duration period, PeriodicLoop.Run work) {
    PeriodicLoop loop = owns("loop " + name, new PeriodicLoop(name, period, metrics, work));
    health.check("loop-" + name, loop::lateness);
    loop.start();
    return loop;
  }

  /// Serves `/health/live`, `/health/ready`, `/metrics` and `routes` on `port` of the configured address; see [HttpFront].
  public WebServer serve(int port, Consumer<Routes> routes) {
    return serve(port, builder -> {}, routes);
  }

  /// The same; `more` adds to the server's configuration (another routing, limits).
  public WebServer serve(int port, Consumer<WebServerConfig.Builder> more, Consumer<Routes> routes) {
    WebServer server = new HttpFront(service, settings, health, metrics, this::exposition).start(port, more, routes);
    owns("web server", (AutoCloseable) server::stop);
    LOG.info("service_up service={} port={}", service, server.port());
    return server;
  }

  private String exposition() {
    StringBuilder text = new StringBuilder(metrics.scrape());
    plain.forEach(counter -> text.append(counter.exposition()));
    return text.toString();
  }

  @Override
  public void close() {
    while (true) {
      Part part;
      synchronized (parts) {
        part = parts.poll();
      }
      if (part == null) {
        return;
      }
      try {
        part.closeable().close();
      } catch (Exception e) {
        LOG.warn("stop_failed service={} part=\"{}\" cause=\"{}\"", service, part.name(), e.toString());
      }
    }
  }
}
