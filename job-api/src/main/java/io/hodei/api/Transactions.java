package io.hodei.api;

import io.hodei.kit.Causes;
import io.hodei.kit.KafkaClients;
import io.hodei.kit.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Writes several records as one transaction of one transactional id. Any thread may write; they take turns. Whoever begins to use
/// the id ends what another process left open under it, and fences that process off.
final class Transactions implements AutoCloseable {
  private static final int TRIES = 5;
  private static final int LONGEST_PAUSE_MS = 100;

  private final KafkaClients clients;
  private final String purpose;
  private final String transactionalId;
  private final Duration ackTimeout;
  private final ReentrantLock turn = new ReentrantLock();
  private @Nullable KafkaProducer<byte[], byte[]> producer;
  private boolean fresh;

  /// What shall be written. Asked for when it is our turn and no other transaction of the id is open; may refuse.
  interface Records {
    /// `othersWrote`: others may have written under the id since we last did.
    List<ProducerRecord<byte[], byte[]>> get(boolean othersWrote) throws InterruptedException;
  }

  Transactions(KafkaClients clients, String purpose, String transactionalId, Duration ackTimeout) {
    this.clients = clients;
    this.purpose = purpose;
    this.transactionalId = transactionalId;
    this.ackTimeout = ackTimeout;
  }

  /// Where the records are, once all of them are durable.
  ///
  /// @throws KafkaException when that is not known; they may be durable, all or none
  List<RecordMetadata> write(String what, Deadline deadline, Records records) throws InterruptedException {
    if (!turn.tryLock(deadline.leftMillis(), TimeUnit.MILLISECONDS)) {
      throw new Problem(503, "busy", "Expected a turn to send " + what + " within " + ackTimeout.toMillis()
          + " ms, but others took it; nothing was sent: repeat the call.").raise();
    }
    try {
      for (int tries = 1;; tries++) {
        try {
          return commit(records);
        } catch (KafkaException e) {
          giveUp();
          if (!isFenced(e) || tries == TRIES) {
            throw e;
          }
          // Two that fence each other at once must not do it again in step.
          Thread.sleep(ThreadLocalRandom.current().nextLong(1, LONGEST_PAUSE_MS * tries));
        }
      }
    } finally {
      turn.unlock();
    }
  }

  private List<RecordMetadata> commit(Records records) throws InterruptedException {
    KafkaProducer<byte[], byte[]> ours = ready();
    List<ProducerRecord<byte[], byte[]>> wanted = records.get(fresh);
    fresh = false;
    ours.beginTransaction();
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (ProducerRecord<byte[], byte[]> record : wanted) {
      sent.add(ours.send(record));
    }
    ours.commitTransaction();
    List<RecordMetadata> places = new ArrayList<>();
    for (Future<RecordMetadata> place : sent) {
      places.add(placeOf(place));
    }
    return places;
  }

  private static RecordMetadata placeOf(Future<RecordMetadata> sent) throws InterruptedException {
    try {
      return sent.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
    }
  }

  private KafkaProducer<byte[], byte[]> ready() {
    KafkaProducer<byte[], byte[]> ready = producer;
    if (ready == null) {
      Map<String, Object> config = config(clients, purpose, ackTimeout);
      config.put("transactional.id", transactionalId);
      config.put("transaction.timeout.ms", (int) Math.max(1000, ackTimeout.toMillis()));
      ready = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
      producer = ready;
      fresh = true;
      ready.initTransactions();
    }
    return ready;
  }

  /// A producer whose transaction failed is left; the next one of the same id makes an end to what is open.
  private void giveUp() {
    KafkaProducer<byte[], byte[]> failed = producer;
    producer = null;
    if (failed != null) {
      failed.close(Duration.ZERO);
    }
  }

  private static boolean isFenced(Throwable failure) {
    return Causes.include(failure, ProducerFencedException.class, InvalidProducerEpochException.class);
  }

  /// Of a producer that answers for its records within `ackTimeout`.
  static Map<String, Object> config(KafkaClients clients, String purpose, Duration ackTimeout) {
    int patience = (int) ackTimeout.toMillis();
    Map<String, Object> config = clients.producerConfig(purpose);
    config.put("delivery.timeout.ms", patience);
    config.put("request.timeout.ms", Math.max(1, patience * 3 / 5));
    config.put("max.block.ms", patience);
    return config;
  }

  /// `record` with the bytes of its key.
  static ProducerRecord<byte[], byte[]> raw(ProducerRecord<String, byte[]> record) {
    return new ProducerRecord<>(record.topic(), record.partition(), record.timestamp(),
        record.key() == null ? null : record.key().getBytes(StandardCharsets.UTF_8), record.value(), record.headers());
  }

  @Override
  public void close() {
    KafkaProducer<byte[], byte[]> open = producer;
    if (open != null) {
      open.close(Duration.ofSeconds(5));
    }
  }
}
