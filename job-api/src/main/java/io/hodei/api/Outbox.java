package io.hodei.api;

import io.hodei.kit.KafkaClients;
import io.hodei.kit.Problem;
import io.hodei.kit.Uuid7;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends records and waits until Kafka has acknowledged them: one by one, or several as one transaction. What is not
/// acknowledged in time is answered 503, outcome unknown. Any thread may send; transactions take turns (see [Transactions]).
final class Outbox implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

  private final KafkaProducer<String, byte[]> single;
  private final Transactions transactions;

  Outbox(KafkaClients clients, Duration ackTimeout) {
    this.single = new KafkaProducer<>(Transactions.config(clients, "requests", ackTimeout), new StringSerializer(), new ByteArraySerializer());
    this.transactions = new Transactions(clients, "arrays", "hodei-job-api-" + Uuid7.next(), ackTimeout);
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
    try {
      return transactions.write("the jobs", deadline, othersWrote -> records.stream().map(Transactions::raw).toList());
    } catch (KafkaException e) {
      throw refusal("the jobs", e);
    }
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
    transactions.close();
  }
}
