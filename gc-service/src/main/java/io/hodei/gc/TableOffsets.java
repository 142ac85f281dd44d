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
import org.jspecify.annotations.Nullable;

/// Brings the fold of a topic up to everything that was written before the call, open transactions included: those hold it
/// back until they end, whoever they belong to. Runs on the cycle's thread; any thread may ask for [#trouble].
final class TableOffsets implements Freshness {
  /// What is left of the patience while the fold has not even reached what the cycle before waited for.
  static final Duration SHORT_PATIENCE = Duration.ofSeconds(2);
  private static final long ADMIN_SECONDS = 10;

  /// What a cycle waited for in vain.
  ///
  /// @param where in words: the partitions, where the fold stood, and where it should
  private record Missed(Map<TopicPartition, Long> marks, String where, long sinceNanos) {}

  private final Admin admin;
  private final String topic;
  private final TopicTail tail;
  private volatile @Nullable Missed missed;

  TableOffsets(Admin admin, String topic, TopicTail tail) {
    this.admin = admin;
    this.topic = topic;
    this.tail = tail;
  }

  @Override
  public Reached reach(Duration patience) throws InterruptedException {
    Missed last = missed;
    long began = System.nanoTime();
    long end = began + (last == null || hasReached(last) || patience.compareTo(SHORT_PATIENCE) < 0 ? patience : SHORT_PATIENCE).toNanos();
    Map<TopicPartition, Long> marks = highWatermarks();
    Map<String, Long> offsets = new TreeMap<>();
    boolean all = true;
    for (Map.Entry<TopicPartition, Long> mark : marks.entrySet()) {
      Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
      boolean reached = tail.await(mark.getKey(), mark.getValue(), left);
      all &= reached;
      offsets.put(mark.getKey().toString(), reached ? mark.getValue() : tail.position(mark.getKey()));
    }
    missed = all ? null : new Missed(marks, where(marks, offsets), last == null ? began : last.sinceNanos());
    return new Reached(all, offsets);
  }

  /// What the last cycle could not read, for readiness; null when it could.
  @Nullable String trouble() {
    Missed last = missed;
    return last == null ? null : "Expected the last cycle to read all of " + last.where() + ", but something held its readers back, most likely an open"
        + " transaction; nothing has been judged for " + Duration.ofNanos(System.nanoTime() - last.sinceNanos()).toSeconds() + " s";
  }

  private static String where(Map<TopicPartition, Long> marks, Map<String, Long> reached) {
    return marks.entrySet().stream().filter(mark -> reached.getOrDefault(mark.getKey().toString(), 0L) < mark.getValue())
        .map(mark -> mark.getKey() + ", which was read up to " + reached.get(mark.getKey().toString()) + " of " + mark.getValue()).sorted()
        .collect(Collectors.joining(", "));
  }

  private boolean hasReached(Missed last) {
    return last.marks().entrySet().stream().allMatch(mark -> tail.position(mark.getKey()) >= mark.getValue());
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
