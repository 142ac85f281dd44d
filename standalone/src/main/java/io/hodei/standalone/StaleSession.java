package io.hodei.standalone;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.ObjectName;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;

/// Ends the session that a killed broker has left in the cluster's metadata, before the broker starts again: the
/// controller runs alone for a moment, with a short session timeout, until it has fenced the broker. Runs on the caller's
/// thread.
///
/// Without it, the new process may not register until the old session is over, and meanwhile its transaction coordinator
/// already ends what was open. The fencing then takes every partition's leader away, and Kafka (4.3.1,
/// `TransactionMarkerChannelManager`) takes a partition without a leader for a deleted one and drops its marker: a
/// transaction that is complete for the coordinator stays open for ever in the partition, and every `read_committed`
/// reader of it, the dispatcher's own restore among them, waits for ever.
final class StaleSession {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private StaleSession() {}

  /// Whether the broker of this data directory was killed, and not stopped.
  static boolean isLeftIn(Properties broker) {
    Path logs = Path.of(broker.getProperty("log.dirs"));
    return Files.exists(logs.resolve("__cluster_metadata-0")) && !Files.exists(logs.resolve(".kafka_cleanshutdown"));
  }

  /// Returns when no broker counts as alive, or after 10 s: then the start goes on, and Kafka waits by itself.
  static void end(Properties broker) {
    KafkaRaftServer controller = new KafkaRaftServer(new KafkaConfig(BrokerSettings.controllerOnly(broker), false), Time.SYSTEM);
    try {
      controller.startup();
      long end = System.nanoTime() + LIMIT.toNanos();
      while (living() != 0 && System.nanoTime() < end) {
        Pause.millis(10);
      }
    } finally {
      controller.shutdown();
      controller.awaitShutdown();
    }
  }

  /// How many brokers the active controller counts as alive; -1 when it does not know yet.
  private static int living() {
    int living = count("ActiveBrokerCount");
    return living == 0 && count("FencedBrokerCount") == 0 ? -1 : living;
  }

  /// A metric that Kafka documents for its controllers; -1 while there is none.
  private static int count(String name) {
    try {
      ObjectName metric = new ObjectName("kafka.controller:type=KafkaController,name=" + name);
      return ((Number) ManagementFactory.getPlatformMBeanServer().getAttribute(metric, "Value")).intValue();
    } catch (InstanceNotFoundException e) {
      return -1;
    } catch (JMException e) {
      throw new IllegalStateException(e);
    }
  }
}
