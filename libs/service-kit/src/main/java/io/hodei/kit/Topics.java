package io.hodei.kit;

import io.hodei.schemas.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Creates the topics of the catalogue that do not exist. Idempotent; existing topics are left as they are.
public final class Topics {
  private static final Logger LOG = LoggerFactory.getLogger(Topics.class);

  private Topics() {}

  /// Blocks until all topics exist; tries again while the broker is away, for `patience` at most.
  public static void ensure(Admin admin, Settings settings, Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        create(admin, settings);
        return;
      } catch (ExecutionException e) {
        if (System.nanoTime() > end) {
          throw new IllegalStateException("Expected Kafka at " + settings.text(Key.KAFKA_BOOTSTRAP)
              + " to take the topics, but: " + e.getCause(), e);
        }
        LOG.info("topics_wait cause=\"{}\"", String.valueOf(e.getCause()));
        Thread.sleep(500);
      }
    }
  }

  private static void create(Admin admin, Settings settings) throws ExecutionException, InterruptedException {
    Set<String> existing = admin.listTopics().names().get();
    List<NewTopic> missing = new ArrayList<>();
    for (Topic topic : Topic.values()) {
      if (topic.isCreated() && !existing.contains(settings.topic(topic))) {
        missing.add(specOf(topic, settings));
      }
    }
    for (var created : admin.createTopics(missing).values().entrySet()) {
      try {
        created.getValue().get();
        LOG.info("topic_created topic={}", created.getKey());
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw e;
        }
      }
    }
  }

  private static NewTopic specOf(Topic topic, Settings settings) {
    Map<String, String> config = new HashMap<>();
    config.put("cleanup.policy", topic.cleanup().policy());
    config.put("retention.ms", Long.toString(topic.retention().toMillis()));
    config.put("delete.retention.ms", Long.toString(Duration.ofDays(1).toMillis()));
    if (topic.cleanup() != Topic.Cleanup.DELETE) {
      config.put("segment.bytes", Integer.toString(16 * 1024 * 1024));
      config.put("max.compaction.lag.ms", "60000");
      config.put("min.cleanable.dirty.ratio", "0.1");
    }
    if (topic == Topic.JOB_REQUESTS || topic == Topic.JOB_LOGS || topic == Topic.DEAD_LETTERS) {
      config.put("max.message.bytes", Integer.toString(2 * 1024 * 1024));
    }
    if (topic == Topic.JOB_REQUESTS) {
      config.put("message.timestamp.type", "LogAppendTime");
    }
    long replicas = settings.number(Key.KAFKA_REPLICATION);
    return new NewTopic(settings.topic(topic), Optional.of(topic.partitions((int) settings.number(Key.SHARDS))),
        replicas < 0 ? Optional.empty() : Optional.of((short) replicas)).configs(config);
  }
}
