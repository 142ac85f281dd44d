package io.hodei.lifecycle;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends records until Kafka has acknowledged them, however long it is away. Any thread; blocks it.
final class Outbox implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(250);
  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

  private final Producer<String, byte[]> producer;

  Outbox(Producer<String, byte[]> producer) {
    this.producer = producer;
  }

  /// Returns when the record is durable.
  void deliver(ProducerRecord<String, byte[]> record) throws InterruptedException {
    while (true) {
      try {
        producer.send(record).get();
        return;
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RecordTooLargeException) {
          LOG.error("A record that Kafka will never take was dropped: topic={} key={} cause=\"{}\"", record.topic(),
              record.key(), String.valueOf(e.getCause()));
          return;
        }
        again(record, e.getCause() == null ? e : e.getCause());
      } catch (KafkaException e) {
        again(record, e);
      }
    }
  }

  private static void again(ProducerRecord<String, byte[]> record, Throwable cause) throws InterruptedException {
    LOG.warn("A record was not acknowledged and is sent again: topic={} key={} retriable={} cause=\"{}\"", record.topic(),
        record.key(), cause instanceof RetriableException, cause.toString());
    Thread.sleep(PAUSE);
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(2));
  }
}
