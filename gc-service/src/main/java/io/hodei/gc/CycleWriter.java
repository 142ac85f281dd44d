package io.hodei.gc;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes records in one transaction each time. After any failure (an outage, a fencing) the producer is made anew, which
/// ends what the old one left open. Used by one cycle at a time; closed by the service.
final class CycleWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CycleWriter.class);

  private final Supplier<Producer<String, byte[]>> factory;
  private @Nullable Producer<String, byte[]> producer;

  CycleWriter(Supplier<Producer<String, byte[]>> factory) {
    this.factory = factory;
  }

  /// All of `records` or, when it throws, most likely none.
  ///
  /// @throws KafkaException when the transaction was not confirmed
  synchronized void write(List<ProducerRecord<String, byte[]>> records) {
    try {
      Producer<String, byte[]> current = producer();
      current.beginTransaction();
      for (ProducerRecord<String, byte[]> record : records) {
        current.send(record);
      }
      current.commitTransaction();
    } catch (KafkaException | IllegalStateException e) {
      LOG.warn("gc_write_failed records={} cause=\"{}\"", records.size(), e.toString());
      close();
      throw e;
    }
  }

  private Producer<String, byte[]> producer() {
    Producer<String, byte[]> current = producer;
    if (current == null) {
      current = factory.get();
      producer = current;
      current.initTransactions();
    }
    return current;
  }

  @Override
  public synchronized void close() {
    Producer<String, byte[]> current = producer;
    producer = null;
    if (current != null) {
      current.close(Duration.ofSeconds(1));
    }
  }
}
