package io.hodei.gc;

import io.hodei.kit.TopicTail;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/// Brings the fold of a topic up to everything that was written before the call, open transactions included: those hold it
/// back until they end. Runs on the cycle's thread.
final class TableOffsets implements Freshness {
  private static final long ADMIN_SECONDS = 10;

  private final Admin admin;
  private final String topic;
  private final TopicTail tail;

  TableOffsets(Admin admin, String topic, TopicTail tail) {
    this.admin = admin;
    this.topic = topic;
    this.tail = tail;
  }

  @Override
  public Reached reach(Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    Map<TopicPartition, Long> marks = highWatermarks();
    Map<String, Long> offsets = new TreeMap<>();
    boolean all = true;
    for (Map.Entry<TopicPartition, Long> mark : marks.entrySet()) {
      Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
      boolean reached = tail.await(mark.getKey(), mark.getValue(), left);
      all &= reached;
      offsets.put(mark.getKey().toString(), reached ? mark.getValue() : tail.position(mark.getKey()));
    }
    return new Reached(all, offsets);
  }

  private Map<TopicPartition, Long> highWatermarks() throws InterruptedException {
    try {
      TopicDescription description = admin.describeTopics(List.of(topic)).allTopicNames().get(ADMIN_SECONDS, TimeUnit.SECONDS).get(topic);
      Map<TopicPartition, OffsetSpec> latest = description.partitions().stream()
          .collect(Collectors.toMap(each -> new TopicPartition(topic, each.partition()), each -> OffsetSpec.latest()));
      return admin.listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED)).all().get(ADMIN_SECONDS, TimeUnit.SECONDS)
          .entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().offset()));
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("Expected Kafka to tell the end of " + topic + ", but: " + (e.getCause() == null ? e : e.getCause()), e);
    }
  }
}
