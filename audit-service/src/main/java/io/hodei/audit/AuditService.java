package io.hodei.audit;

import io.hodei.kit.DeadLetters;
import io.hodei.kit.Key;
import io.hodei.kit.ServiceHost;
import io.hodei.kit.Settings;
import io.hodei.schemas.Topic;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/// The running audit-service: a follower that writes, a route that reads. Starts, lives and catches up without Postgres.
public final class AuditService implements AutoCloseable {
  private final ServiceHost host;

  private AuditService(ServiceHost host) {
    this.host = host;
  }

  /// Starts everything; returns when it serves, with or without Postgres.
  public static AuditService start(Settings settings) {
    ServiceHost host = ServiceHost.start("audit-service", settings);
    try {
      assemble(host, settings);
      return new AuditService(host);
    } catch (RuntimeException e) {
      host.close();
      throw e;
    }
  }

  private static void assemble(ServiceHost host, Settings settings) {
    Map<Topic, String> names = new EnumMap<>(Topic.class);
    EventReader.TOPICS.forEach(topic -> names.put(topic, settings.topic(topic)));

    AuditStore store = host.owns("store", new AuditStore(settings));
    Producer<String, byte[]> letters = host.owns("dead letters", host.clients().producer("dead-letters"));
    Counts counts = new Counts(host.metrics());
    BatchWriter writer = new BatchWriter(store, names.values(), new DeadLetters(settings, host.service(), host.metrics()), letters, counts);
    EventFollower follower = host.owns("follower", new EventFollower(() -> consumer(host), Set.copyOf(names.values()),
        new EventReader(host.codec(), names), store, writer, counts).start());

    host.health().check("audit", follower::trouble);
    host.health().check("kafka", follower::kafkaTrouble);
    host.serve((int) settings.number(Key.AUDIT_PORT), new AuditRoutes(new AuditQueries(store.dataSource()))::addTo);
  }

  /// read_committed, without a group; an offset that is gone is an error, never skipped in silence.
  private static Consumer<String, byte[]> consumer(ServiceHost host) {
    Map<String, Object> config = host.clients().common("events");
    config.put("isolation.level", "read_committed");
    config.put("auto.offset.reset", "none");
    config.put("enable.auto.commit", false);
    config.put("allow.auto.create.topics", false);
    config.put("max.poll.records", 4000);
    config.put("default.api.timeout.ms", 30_000);
    return new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer());
  }

  @Override
  public void close() {
    host.close();
  }
}
