package io.hodei.api;

import io.hodei.kit.KafkaClients;
import io.hodei.kit.Problem;
import io.hodei.kit.Uuid7;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends records and waits until Kafka has acknowledged them: one by one, or several as one transaction. What is not
/// acknowledged in time is answered 503, outcome unknown. Any thread may send; transactions take turns.
final class Outbox implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

  private final KafkaClients clients;
  private final Duration ackTimeout;
  private final String transactionalId = "hodei-job-api-" + Uuid7.next();
  private final KafkaProducer<String, byte[]> single;
  private final ReentrantLock turn = new ReentrantLock();
  private @Nullable KafkaProducer<String, byte[]> transactional;

  Outbox(KafkaClients clients, Duration ackTimeout) {
    this.clients = clients;
    this.ackTimeout = ackTimeout;
    this.single = producer("requests", Map.of());
  }

  /// Where `record` is, once it is durable.
  RecordMetadata send(ProducerRecord<String, byte[]> record, Deadline deadline) throws InterruptedException {
    try {
      return single.send(record).get(deadline.leftMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw refusal("the record", e.getCause());
    } catch (TimeoutException | KafkaException e) {
      throw refusal("the record", e);
    }
  }

  /// Where `records` are, once all of them are durable; none is when any is not.
  List<RecordMetadata> sendAll(List<ProducerRecord<String, byte[]>> records, Deadline deadline) throws InterruptedException {
    if (!turn.tryLock(deadline.leftMillis(), TimeUnit.MILLISECONDS)) {
      throw new Problem(503, "busy", "Expected a turn to send the jobs within " + ackTimeout.toMillis()
          + " ms, but others took it; nothing was sent: repeat the call.").raise();
    }
    try {
      return inTransaction(records);
    } finally {
      turn.unlock();
    }
  }

  private List<RecordMetadata> inTransaction(List<ProducerRecord<String, byte[]>> records) throws InterruptedException {
    try {
      KafkaProducer<String, byte[]> producer = transactional();
      producer.beginTransaction();
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (ProducerRecord<String, byte[]> record : records) {
        sent.add(producer.send(record));
      }
      producer.commitTransaction();
      List<RecordMetadata> places = new ArrayList<>();
      for (Future<RecordMetadata> place : sent) {
        places.add(place.get());
      }
      return places;
    } catch (KafkaException | ExecutionException e) {
      giveUp();
      throw refusal("the jobs", e instanceof ExecutionException ? e.getCause() : e);
    }
  }

  /// A producer whose transaction failed is left; the next one of the same id makes an end to what is open.
  private void giveUp() {
    KafkaProducer<String, byte[]> failed = transactional;
    transactional = null;
    if (failed != null) {
      failed.close(Duration.ZERO);
    }
  }

  private KafkaProducer<String, byte[]> transactional() {
    KafkaProducer<String, byte[]> ready = transactional;
    if (ready == null) {
      ready = producer("arrays", Map.of("transactional.id", transactionalId,
          "transaction.timeout.ms", (int) Math.max(1000, ackTimeout.toMillis())));
      transactional = ready;
      ready.initTransactions();
    }
    return ready;
  }

  private KafkaProducer<String, byte[]> producer(String purpose, Map<String, Object> more) {
    int patience = (int) ackTimeout.toMillis();
    Map<String, Object> config = clients.producerConfig(purpose);
    config.put("delivery.timeout.ms", patience);
    config.put("request.timeout.ms", Math.max(1, patience * 3 / 5));
    config.put("max.block.ms", patience);
    config.putAll(more);
    return new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
  }

  private static Problem.Raised refusal(String what, Throwable cause) {
    if (cause instanceof RecordTooLargeException) {
      return new Problem(413, "too-large", "Expected " + what + " to fit into Kafka's largest record, but: " + cause.getMessage()
          + "; nothing was accepted: make it smaller.").raise();
    }
    LOG.warn("send_failed cause=\"{}\"", cause.toString());
    return Problems.unknownOutcome(what, cause instanceof TimeoutException ? "it has not answered" : cause.getMessage()).raise();
  }

  @Override
  public void close() {
    single.close(Duration.ofSeconds(5));
    KafkaProducer<String, byte[]> open = transactional;
    if (open != null) {
      open.close(Duration.ofSeconds(5));
    }
  }
}
