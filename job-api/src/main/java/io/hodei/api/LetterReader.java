package io.hodei.api;

import io.hodei.kit.KafkaClients;
import io.hodei.kit.Problem;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/// Reads one letter whole, from where the view saw it, with a consumer of its own on the call's thread; a few at a time, as each may
/// hold 2 MiB and more.
final class LetterReader {
  private static final int AT_ONCE = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final KafkaClients clients;
  private final String topic;
  private final Semaphore places = new Semaphore(AT_ONCE);

  LetterReader(KafkaClients clients, String topic) {
    this.clients = clients;
    this.topic = topic;
  }

  /// The whole of `known`; null when the topic does not have it any longer.
  ///
  /// @throws Problem.Raised 503 when Kafka does not give it in time
  @Nullable Letter whole(Letter known) throws InterruptedException {
    if (!places.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw tooSlow(known.id(), "others are being read");
    }
    try (KafkaConsumer<String, byte[]> consumer = clients.consumer("letter")) {
      return read(consumer, known);
    } catch (InterruptException e) {
      throw new InterruptedException(e.getMessage());
    } catch (KafkaException e) {
      throw tooSlow(known.id(), e.getMessage());
    } finally {
      places.release();
    }
  }

  private @Nullable Letter read(KafkaConsumer<String, byte[]> consumer, Letter known) {
    TopicPartition partition = new TopicPartition(topic, 0);
    consumer.assign(List.of(partition));
    consumer.seek(partition, known.place());
    Deadline deadline = Deadline.in(PATIENCE);
    while (!deadline.isOver()) {
      for (ConsumerRecord<String, byte[]> record : consumer.poll(deadline.left())) {
        boolean found = record.offset() == known.place() && known.id().equals(record.key()) && record.value() != null;
        return found ? Letter.of(record) : null;
      }
    }
    throw tooSlow(known.id(), "Kafka has not given it");
  }

  private static Problem.Raised tooSlow(String id, String cause) {
    return new Problem(503, "too-slow", "Expected to read the dead letter " + id + " within " + PATIENCE.toSeconds() + " s, but " + cause
        + "; try again.").raise();
  }
}
