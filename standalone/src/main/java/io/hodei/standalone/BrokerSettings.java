package io.hodei.standalone;

import java.nio.file.Path;
import java.util.Properties;

/// The configuration of our own broker: one node, small, quick to start, nothing deleted that a topic did not ask for.
final class BrokerSettings {
  private static final int MIB = 1 << 20;

  private BrokerSettings() {}

  static Properties of(Path directory, Ports ports) {
    String broker = "127.0.0.1:" + ports.of(Port.KAFKA);
    String controller = "127.0.0.1:" + ports.of(Port.CONTROLLER);
    Properties p = new Properties();
    p.put("process.roles", "broker,controller");
    p.put("node.id", "1");
    p.put("controller.quorum.voters", "1@" + controller);
    p.put("listeners", "PLAINTEXT://" + broker + ",CONTROLLER://" + controller);
    p.put("advertised.listeners", "PLAINTEXT://" + broker);
    p.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    p.put("controller.listener.names", "CONTROLLER");
    p.put("log.dirs", directory.resolve("log").toString());
    p.put("auto.create.topics.enable", "false");
    single(p);
    small(p);
    quick(p);
    // The registry's journal must live for ever; every topic of Hodei names its own retention.
    p.put("log.retention.ms", "-1");
    p.put("message.max.bytes", Integer.toString(2 * MIB));
    p.put("replica.fetch.max.bytes", Integer.toString(2 * MIB));
    return p;
  }

  /// The same node as a controller alone, which soon gives up a broker that it does not hear of.
  static Properties controllerOnly(Properties broker) {
    Properties p = new Properties();
    p.putAll(broker);
    p.put("process.roles", "controller");
    p.remove("advertised.listeners");
    p.put("listeners", broker.getProperty("listeners").replaceFirst("^.*,(?=CONTROLLER:)", ""));
    p.put("broker.heartbeat.interval.ms", "50");
    p.put("broker.session.timeout.ms", "100");
    return p;
  }

  private static void single(Properties p) {
    p.put("default.replication.factor", "1");
    p.put("min.insync.replicas", "1");
    p.put("offsets.topic.replication.factor", "1");
    p.put("transaction.state.log.replication.factor", "1");
    p.put("transaction.state.log.min.isr", "1");
    p.put("share.coordinator.state.topic.replication.factor", "1");
    p.put("share.coordinator.state.topic.min.isr", "1");
  }

  private static void small(Properties p) {
    p.put("num.partitions", "1");
    p.put("offsets.topic.num.partitions", "4");
    p.put("transaction.state.log.num.partitions", "4");
    p.put("share.coordinator.state.topic.num.partitions", "1");
    p.put("offsets.topic.segment.bytes", Integer.toString(16 * MIB));
    p.put("transaction.state.log.segment.bytes", Integer.toString(16 * MIB));
    p.put("log.segment.bytes", Integer.toString(256 * MIB));
    p.put("log.cleaner.dedupe.buffer.size", Integer.toString(16 * MIB));
    p.put("num.network.threads", "2");
    p.put("num.io.threads", "4");
    p.put("background.threads", "2");
    p.put("num.recovery.threads.per.data.dir", "2");
    p.put("queued.max.requests", "200");
  }

  /// A hanging transaction of a killed writer must end soon, and groups must not wait for members that never come.
  private static void quick(Properties p) {
    p.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
    p.put("transaction.max.timeout.ms", "60000");
    p.put("group.initial.rebalance.delay.ms", "0");
    p.put("group.min.session.timeout.ms", "1000");
    p.put("controlled.shutdown.enable", "true");
    p.put("broker.heartbeat.interval.ms", "500");
    // The controller lives and dies with its only broker. One that slept must not lose its leadership, see StaleSession.
    p.put("broker.session.timeout.ms", "86400000");
    p.put("initial.broker.registration.timeout.ms", "30000");
    p.put("controller.quorum.election.timeout.ms", "200");
    p.put("controller.quorum.election.backoff.max.ms", "200");
    p.put("log.cleaner.backoff.ms", "5000");
  }
}
