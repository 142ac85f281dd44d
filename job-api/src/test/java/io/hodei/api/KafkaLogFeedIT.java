package io.hodei.api;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.kit.Codec;
import io.hodei.kit.KafkaClients;
import io.hodei.kit.Settings;
import io.hodei.kit.Topics;
import io.hodei.schemas.LogBatch;
import io.hodei.schemas.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Where a follower begins to read while the log is being written.
// proves: promise:6
@Timeout(120)
class KafkaLogFeedIT {
  private static final int ROUNDS = 400;

  @TempDir Path directory;

  @Test
  void aBatchThatIsWrittenWhileTheBeginningIsLookedForIsNotPassedBy() throws Exception {
    try (Backends backends = new Backends(directory); ExecutorService writer = Executors.newSingleThreadExecutor()) {
      Settings settings = Settings.of(Map.of("hodei.kafka.bootstrap-servers", backends.bootstrap(), "hodei.registry.url", backends.registryUrl()));
      KafkaClients clients = new KafkaClients(settings, "feed");
      try (Admin admin = clients.admin()) {
        Topics.ensure(admin, settings, Duration.ofSeconds(60));
      }
      Codec codec = new Codec(settings);
      String topic = settings.topic(Topic.JOB_LOGS);
      try (KafkaProducer<String, byte[]> producer = clients.producer("logs"); KafkaLogFeed feed = new KafkaLogFeed(clients, codec, topic, "j")) {
        LogBatch batch = LogBatch.newBuilder().setJobId("j").setWorkerId("w").setAttempt(1).setEpoch(1).build();
        producer.send(codec.record(Topic.JOB_LOGS, "j", batch)).get();
        for (int round = 0; round < ROUNDS; round++) {
          Instant started = Instant.now();
          long pause = ThreadLocalRandom.current().nextLong(2_000_000);
          Future<RecordMetadata> written = writer.submit(() -> {
            long end = System.nanoTime() + pause;
            while (System.nanoTime() < end) {
              Thread.onSpinWait();
            }
            return producer.send(codec.record(Topic.JOB_LOGS, "j", batch)).get();
          });
          long begin = feed.offsetAt(started);
          long offset = written.get().offset();
          assertTrue(begin <= offset, () -> "Expected to begin at " + offset + " at the latest, but found " + begin);
        }
      }
    }
  }
}
