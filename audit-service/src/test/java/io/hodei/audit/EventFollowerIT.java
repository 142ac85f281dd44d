package io.hodei.audit;

import static io.hodei.audit.Given.JOBS;
import static io.hodei.audit.Given.event;
import static io.hodei.audit.Given.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.kit.DeadLetters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The follower against a real Postgres and a log in memory.
class EventFollowerIT {
  private final List<ConsumerRecord<String, byte[]>> log = new ArrayList<>();
  private final MockProducer<String, byte[]> letters = new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final Counts counts = new Counts(metrics);
  private long first;
  private AuditStore store;
  private EventFollower follower;

  @AfterEach
  void stop() {
    if (follower != null) {
      follower.close();
    }
    if (store != null) {
      store.close();
    }
  }

  @Test
  void whatIsReadIsWrittenAndARestartGoesOn() throws Exception {
    store = Postgres.emptyStore();
    append("a", "b");
    start();
    eventually(2, this::rows);
    follower.close();
    append("c");
    start();
    eventually(3, this::rows);
    assertEquals(3L, store.positions().get(JOBS));
    assertEquals(0, letters.history().size());
    eventually(0L, () -> (long) metrics.get("hodei.audit.lag.records").gauge().value());
    assertEquals(3, metrics.get("hodei.audit.rows").counter().count());
  }

  @Test
  void aRewindInSqlIsFollowedWhileItRuns() throws Exception {
    store = Postgres.emptyStore();
    append("a", "b");
    start();
    eventually(2, this::rows);
    Postgres.execute(store, "DELETE FROM audit.events");
    Postgres.execute(store, "UPDATE audit.positions SET next_offset = 0");
    eventually(2, this::rows);
    eventually(2L, () -> store.positions().get(JOBS));
  }

  @Test
  void whatIsNoEventGoesToTheDeadLettersAndTheRestIsWritten() throws Exception {
    store = Postgres.emptyStore();
    append("a");
    log.add(Given.bytes(1, "garbage".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    log.add(record(2, event("").build()));
    append("b");
    start();
    eventually(2, this::rows);
    assertEquals(4L, store.positions().get(JOBS));
    assertEquals(List.of("hodei.job-events-0-1", "hodei.job-events-0-2"), letters.history().stream().map(letter -> letter.key()).toList());
    assertEquals("garbage", new String(letters.history().getFirst().value(), java.nio.charset.StandardCharsets.UTF_8));
  }

  @Test
  void whatPostgresRefusesIsOneDeadLetterNotAStop() throws Exception {
    store = Postgres.emptyStore();
    Postgres.execute(store, "ALTER TABLE audit.events ADD CONSTRAINT no_bob CHECK (actor <> 'bob')");
    append("a");
    log.add(record(1, event("b").setActor("bob").build()));
    append("c");
    start();
    eventually(2, this::rows);
    eventually(3L, () -> store.positions().get(JOBS));
    assertEquals(1, letters.history().size());
    assertEquals("hodei.job-events-0-1", letters.history().getFirst().key());
  }

  @Test
  void offsetsThatKafkaHasLostAreCountedAndTheRestIsWritten() throws Exception {
    store = Postgres.emptyStore();
    append("a", "b");
    start();
    eventually(2, this::rows);
    follower.close();
    append("c", "d", "e");
    first = 4;
    start();
    eventually(3, this::rows);
    assertEquals(2.0, counts.lost());
    assertEquals(5L, store.positions().get(JOBS));
  }

  @Test
  void aLogThatBeganAnewIsReadFromItsStart() throws Exception {
    store = Postgres.emptyStore();
    append("a", "b", "c");
    start();
    eventually(3, this::rows);
    follower.close();
    log.clear();
    append("x", "y");
    start();
    eventually(5, this::rows);
    eventually(2L, () -> store.positions().get(JOBS));
  }

  @Test
  void itStartsWithoutPostgresAndCatchesUp(@TempDir Path directory) throws Exception {
    int port = freePort();
    store = new AuditStore(Postgres.settings(port));
    append("a", "b");
    start();
    eventually(true, () -> String.valueOf(follower.trouble()).startsWith("the audit database cannot be used"));
    eventually(2L, () -> (long) metrics.get("hodei.audit.lag.records").gauge().value());
    try (EmbeddedPostgres once = Postgres.own(directory.resolve("data"), port)) {
      assertEquals(port, once.getPort());
      eventually(2, this::rows);
      assertNull(follower.trouble());
    }
    append("c", "d");
    feed();
    eventually(true, () -> follower.trouble() != null);
    try (EmbeddedPostgres again = Postgres.own(directory.resolve("data"), port)) {
      eventually(4, this::rows);
      eventually(null, follower::trouble);
      assertEquals(4L, store.positions().get(JOBS));
      assertEquals(port, again.getPort());
      follower.close();
    }
  }

  @Test
  void aBrokerThatIsDeadIsToldWithinSixSecondsAndForgottenWhenItIsBack() throws Exception {
    store = Postgres.emptyStore();
    append("a");
    start();
    eventually(1, this::rows);
    assertNull(follower.kafkaTrouble());
    dead = true;
    long death = System.nanoTime();
    eventually(true, () -> follower.kafkaTrouble() != null);
    long millis = (System.nanoTime() - death) / 1_000_000;
    System.out.println("the broker's death was told after " + millis + " ms");
    assertTrue(millis < 6000, millis + " ms");
    assertNull(follower.trouble());
    dead = false;
    eventually(true, () -> follower.kafkaTrouble() == null);
  }

  private volatile boolean dead;
  private volatile MemoryLog current;

  private void start() {
    follower = new EventFollower(() -> current = new MemoryLog(), Given.names().values(), Given.reader(), store,
        new BatchWriter(store, Given.names().values(), new DeadLetters(Postgres.settings(1), "audit-service", metrics), letters, counts), counts).start();
  }

  private void append(String... ids) {
    for (String id : ids) {
      log.add(record(log.size(), event(id).build()));
    }
  }

  private void feed() {
    current.feed();
  }

  private int rows() throws Exception {
    return Integer.parseInt(Postgres.one(store, "SELECT count(*) FROM audit.events"));
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /// A hang guard of a minute.
  private static void eventually(Object expected, Callable<?> actual) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    Object found = null;
    while (System.nanoTime() < end) {
      try {
        found = actual.call();
        if (java.util.Objects.equals(expected, found)) {
          return;
        }
      } catch (java.sql.SQLException e) {
        found = e;
      }
      LockSupport.parkNanos(10_000_000);
    }
    assertEquals(expected, found);
  }

  /// A consumer of [#log]: what Kafka still has of it, from `first` on.
  private final class MemoryLog extends MockConsumer<String, byte[]> {
    private int fed;

    MemoryLog() {
      super("none");
      for (String topic : Given.names().values()) {
        updatePartitions(topic, List.of(new PartitionInfo(topic, 0, null, null, null)));
      }
    }

    @Override
    public synchronized void assign(java.util.Collection<TopicPartition> partitions) {
      super.assign(partitions);
      for (TopicPartition partition : partitions) {
        updateBeginningOffsets(java.util.Map.of(partition, partition.equals(JOBS) ? first : 0L));
        updateEndOffsets(java.util.Map.of(partition, 0L));
      }
      feed();
    }

    synchronized void feed() {
      updateEndOffsets(java.util.Map.of(JOBS, (long) log.size()));
      log.stream().skip(fed).filter(record -> record.offset() >= first).forEach(this::addRecord);
      fed = log.size();
    }

    @Override
    public synchronized void seek(TopicPartition partition, long offset) {
      super.seek(partition, offset);
      if (partition.equals(JOBS)) {
        log.stream().filter(record -> record.offset() >= Math.max(first, offset) && record.offset() < fed).forEach(this::addRecord);
      }
    }

    @Override
    public java.util.Map<TopicPartition, Long> endOffsets(java.util.Collection<TopicPartition> partitions, Duration patience) {
      if (dead) {
        throw new TimeoutException("no answer");
      }
      return super.endOffsets(partitions, patience);
    }

    @Override
    public synchronized ConsumerRecords<String, byte[]> poll(Duration timeout) {
      LockSupport.parkNanos(2_000_000);
      return super.poll(timeout);
    }
  }
}
