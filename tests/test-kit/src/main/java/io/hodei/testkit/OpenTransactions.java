package io.hodei.testkit;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Foreign writers that hold back every read_committed reader of a topic for as long as this is open: nothing of it ever commits. Our own
/// broker ends a transaction after 60 s, so another one is begun every 23 s and the oldest aborted at 46 s: who begins to wait for the
/// end of the topic waits for at least 23 s, and in vain until [#close].
public final class OpenTransactions implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofSeconds(23);
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private final String bootstrap;
  private final ProducerRecord<String, byte[]> record;
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> Thread.ofPlatform().daemon().unstarted(task));
  private final Deque<KafkaProducer<String, byte[]>> open = new ArrayDeque<>();
  private final ScheduledFuture<?> ticks;

  private OpenTransactions(String bootstrap, ProducerRecord<String, byte[]> record) {
    this.bootstrap = bootstrap;
    this.record = record;
    call(this::next);
    this.ticks = thread.scheduleAtFixedRate(this::next, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Readers are held back when it returns. The record is written in each transaction, and never committed.
  public static OpenTransactions on(Installation installation, String topic, String key, byte[] value) {
    return new OpenTransactions(installation.bootstrap(), new ProducerRecord<>(topic, key, value));
  }

  private void next() {
    Map<String, Object> config = Map.of("bootstrap.servers", bootstrap, "transactional.id", "foreign-" + UUID.randomUUID(),
        "transaction.timeout.ms", (int) LONGEST.toMillis());
    KafkaProducer<String, byte[]> producer = new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
    producer.initTransactions();
    producer.beginTransaction();
    try {
      producer.send(record).get();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException("Expected " + record.topic() + " to take a record of an open transaction, but: " + e, e);
    }
    open.addLast(producer);
    if (open.size() > 2) {
      abort(open.removeFirst());
    }
  }

  private static void abort(KafkaProducer<String, byte[]> producer) {
    try (producer) {
      producer.abortTransaction();
    }
  }

  private void call(Runnable task) {
    try {
      thread.submit(task).get();
    } catch (ExecutionException e) {
      throw new AssertionError("Expected the foreign writers to go on, but: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// Whether one has been open all the time.
  public boolean held() {
    return !ticks.isDone();
  }

  /// Aborts what is open.
  @Override
  public void close() {
    ticks.cancel(false);
    call(() -> {
      while (!open.isEmpty()) {
        abort(open.removeFirst());
      }
    });
    thread.shutdown();
  }
}
