package io.hodei.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A tail over a consumer in memory, whose broker may die: then polls bring nothing, without an error, and questions time out.
@Timeout(60)
class TopicTailTest {
  private static final TopicPartition THINGS = new TopicPartition("things", 0);

  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final AtomicInteger questions = new AtomicInteger();
  private final Broker broker = new Broker();
  private volatile boolean dead;
  private TopicTail tail;

  @AfterEach
  void stop() {
    tail.close();
  }

  @Test
  void anEmptyPollIsNoProofButAnAnswerIs() throws Exception {
    start(new Contact(Duration.ofMillis(20)));
    long end = System.nanoTime() + Duration.ofMillis(500).toNanos();
    Duration worst = Duration.ZERO;
    while (System.nanoTime() < end) {
      worst = worst.compareTo(tail.silence()) > 0 ? worst : tail.silence();
      LockSupport.parkNanos(1_000_000);
    }
    assertTrue(worst.toMillis() < 400, "an idle topic was silent for " + worst.toMillis() + " ms");

    dead = true;
    until(() -> tail.silence().toMillis() > 700, "silence while the broker is dead");
    dead = false;
    until(() -> tail.silence().toMillis() < 400, "to be heard again by itself");
    broker.add("a");
    until(() -> seen.equals(List.of("a")), "the record: the tail still reads");
  }

  @Test
  void deathIsTroubleWithinSixSecondsAndOverByItself() throws Exception {
    start(new Contact());
    until(() -> questions.get() > 0, "the first question");
    dead = true;
    long death = System.nanoTime();
    assertNull(tail.trouble());
    until(() -> tail.trouble() != null, "trouble");
    long millis = (System.nanoTime() - death) / 1_000_000;
    System.out.println("the broker's death was told after " + millis + " ms");
    assertTrue(millis < 6000, millis + " ms");
    assertTrue(tail.trouble().startsWith("Expected Kafka to answer"), tail.trouble());
    dead = false;
    until(() -> tail.trouble() == null, "no trouble");
  }

  @Test
  void anIdleTopicCostsOneQuestionInTwoSecondsAndABusyOneNone() throws Exception {
    start(new Contact());
    int before = questions.get();
    long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
    while (System.nanoTime() < end) {
      broker.add("x");
      LockSupport.parkNanos(50_000_000);
    }
    assertEquals(before, questions.get(), "records are proof enough");
    LockSupport.parkNanos(Duration.ofSeconds(5).toNanos());
    int asked = questions.get() - before;
    assertTrue(asked >= 1 && asked <= 3, asked + " questions in 5 s");
  }

  @Test
  void aHandlerThatThrowsIsSkippedAndReadingGoesOn() throws Exception {
    start(new Contact());
    broker.add("bad");
    broker.add("good");
    until(() -> seen.equals(List.of("good")), "the record after the bad one");
    assertTrue(tail.await(THINGS, 2, Duration.ofSeconds(20)));
  }

  private void start(Contact contact) throws Exception {
    tail = TopicTail.start("things", () -> broker, List.of("things"), contact, record -> {
      String value = new String(record.value(), StandardCharsets.UTF_8);
      if (value.equals("bad")) {
        throw new IllegalStateException(value);
      }
      seen.add(value);
    });
    tail.caughtUp().get(20, TimeUnit.SECONDS);
  }

  /// A hang guard of half a minute.
  private static void until(BooleanSupplier condition, String what) {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "Expected " + what);
      LockSupport.parkNanos(2_000_000);
    }
  }

  private final class Broker extends MockConsumer<String, byte[]> {
    private long next;

    Broker() {
      super("earliest");
      updatePartitions("things", List.of(new PartitionInfo("things", 0, null, null, null)));
    }

    @Override
    public synchronized void assign(Collection<TopicPartition> partitions) {
      super.assign(partitions);
      updateBeginningOffsets(Map.of(THINGS, 0L));
      updateEndOffsets(Map.of(THINGS, next));
    }

    synchronized void add(String value) {
      addRecord(new ConsumerRecord<>("things", 0, next++, "k", value.getBytes(StandardCharsets.UTF_8)));
      updateEndOffsets(Map.of(THINGS, next));
    }

    @Override
    public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions, Duration patience) {
      questions.incrementAndGet();
      if (dead) {
        LockSupport.parkNanos(Math.min(patience.toNanos(), 50_000_000));
        throw new TimeoutException("no answer");
      }
      return super.endOffsets(partitions, patience);
    }

    @Override
    public ConsumerRecords<String, byte[]> poll(Duration patience) {
      LockSupport.parkNanos(5_000_000);
      return super.poll(patience);
    }
  }
}
