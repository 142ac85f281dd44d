package io.hodei.api;

import io.hodei.kit.Problem;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/// Waits until the view of the dead letters knows all that is on their topic now, open transactions among it. On the call's thread.
final class LetterEnd {
  private final Admin admin;
  private final TopicPartition partition;
  private final Reached reached;

  /// Waits until the view has come to `offset`; false when `patience` is over.
  interface Reached {
    boolean await(TopicPartition partition, long offset, Duration patience) throws InterruptedException;
  }

  LetterEnd(Admin admin, String topic, Reached reached) {
    this.admin = admin;
    this.partition = new TopicPartition(topic, 0);
    this.reached = reached;
  }

  /// @throws Problem.Raised 503 when that takes too long
  void await(Deadline deadline) throws InterruptedException {
    try {
      // The default isolation: an end that counts what read_committed does not show yet.
      long end = admin.listOffsets(Map.of(partition, OffsetSpec.latest())).partitionResult(partition)
          .get(deadline.leftMillis(), TimeUnit.MILLISECONDS).offset();
      if (!reached.await(partition, end, deadline.left())) {
        throw tooSlow("they have not been read to their end");
      }
    } catch (ExecutionException e) {
      throw tooSlow(String.valueOf(e.getCause()));
    } catch (TimeoutException e) {
      throw tooSlow("Kafka has not told where they end");
    }
  }

  private static Problem.Raised tooSlow(String cause) {
    return new Problem(503, "too-slow", "Expected to know all dead letters in time, but " + cause + "; nothing was changed: try again.").raise();
  }
}
