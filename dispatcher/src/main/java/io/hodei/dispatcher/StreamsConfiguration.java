package io.hodei.dispatcher;

import io.hodei.kit.Key;
import io.hodei.kit.KafkaClients;
import io.hodei.kit.Settings;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;

/// How the dispatcher runs Kafka Streams: exactly once, small commits, a death that is noticed quickly.
final class StreamsConfiguration {
  /// A dead dispatcher's open transaction blocks every reader for this long, unless it is fenced before.
  static final int TRANSACTION_TIMEOUT_MS = 10_000;

  private StreamsConfiguration() {}

  static String applicationId(Settings settings) {
    return settings.text(Key.TOPICS_PREFIX) + "dispatcher";
  }

  static Properties of(Settings settings, KafkaClients clients, String instance) {
    Properties config = new Properties();
    long commit = settings.duration(Key.COMMIT_INTERVAL).toMillis();
    config.putAll(clients.common("streams"));
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId(settings));
    config.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory(settings));
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, commit);
    config.put(StreamsConfig.POLL_MS_CONFIG, commit);
    config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
    config.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) settings.number(Key.KAFKA_REPLICATION));
    config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0L);
    config.put(StreamsConfig.ACCEPTABLE_RECOVERY_LAG_CONFIG, 0L);
    config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    config.put(StreamsConfig.consumerPrefix("session.timeout.ms"), 6000);
    config.put(StreamsConfig.consumerPrefix("heartbeat.interval.ms"), 1000);
    config.put(StreamsConfig.mainConsumerPrefix("group.instance.id"), instance);
    config.put(StreamsConfig.mainConsumerPrefix("auto.offset.reset"), "earliest");
    config.put(StreamsConfig.mainConsumerPrefix("max.poll.records"), 500);
    config.put(StreamsConfig.producerPrefix("transaction.timeout.ms"), TRANSACTION_TIMEOUT_MS);
    config.put(StreamsConfig.producerPrefix("linger.ms"), 1);
    config.put(StreamsConfig.producerPrefix("max.request.size"), 2 * 1024 * 1024);
    config.put(StreamsConfig.producerPrefix("delivery.timeout.ms"), 120_000);
    return config;
  }

  private static String stateDirectory(Settings settings) {
    if (!settings.text(Key.STREAMS_DIR).isEmpty()) {
      return settings.text(Key.STREAMS_DIR);
    }
    String data = settings.text(Key.DATA_DIR);
    return (data.isEmpty() ? Path.of(System.getProperty("java.io.tmpdir"), "hodei-streams") : Path.of(data, "streams")).toString();
  }

}
