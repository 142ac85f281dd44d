package io.hodei.audit;

import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// From where each partition is read: where the store is, or, when Kafka has that no longer, from its earliest record,
/// loudly.
final class StartPlaces {
  private static final Logger LOG = LoggerFactory.getLogger(StartPlaces.class);

  private StartPlaces() {}

  static void seek(Consumer<String, byte[]> consumer, Map<TopicPartition, @Nullable Long> stored, Counts counts) {
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(consumer.assignment());
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    for (TopicPartition partition : consumer.assignment()) {
      consumer.seek(partition, place(partition, stored.get(partition), begins.getOrDefault(partition, 0L), ends.getOrDefault(partition, 0L), counts));
    }
  }

  private static long place(TopicPartition partition, @Nullable Long stored, long begin, long end, Counts counts) {
    if (stored == null || stored == 0) {
      LOG.info("audit_begins partition={} offset={}", partition, begin);
      return begin;
    }
    if (stored < begin) {
      LOG.error("audit_offsets_lost partition={} from={} to={} note=\"Kafka deleted them before they were written; raise the retention or keep Postgres up\"",
          partition, stored, begin);
      counts.lost(begin - stored);
      return begin;
    }
    if (stored > end) {
      LOG.error("audit_log_restarted partition={} position={} end={} note=\"the topic ends before the position: it was made anew; reading it from its start\"",
          partition, stored, end);
      return begin;
    }
    return stored;
  }
}
