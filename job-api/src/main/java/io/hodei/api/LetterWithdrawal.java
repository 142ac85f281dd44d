package io.hodei.api;

import io.hodei.kit.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes letters off `hodei.dead-letters`: each by one transaction that writes its tombstone and, for a replay, its original bytes to
/// `hodei.job-requests`. A letter is withdrawn at most once, whatever crashes and however many job-apis there are: all of them write under
/// one transactional id; who was fenced off by another ends that one's transactions and reads the topic to its end before it looks for the letter.
/// Calls run on their own threads and take turns.
final class LetterWithdrawal {
  private static final Logger LOG = LoggerFactory.getLogger(LetterWithdrawal.class);

  private final Transactions transactions;
  private final LetterView view;
  private final LetterEnd end;
  private final LetterReader reader;
  private final String requests;
  private final String topic;
  private final Duration ackTimeout;

  /// Who asked for it.
  record Asker(String actor, @Nullable String reason, String correlationId) {}

  /// What was written.
  ///
  /// @param replayedAs where the bytes are now; null when it was dropped
  record Done(Letter letter, @Nullable RecordMetadata replayedAs, RecordMetadata tombstone) {}

  LetterWithdrawal(Transactions transactions, LetterView view, LetterEnd end, LetterReader reader, String requests, String topic, Duration ackTimeout) {
    this.transactions = transactions;
    this.view = view;
    this.end = end;
    this.reader = reader;
    this.requests = requests;
    this.topic = topic;
    this.ackTimeout = ackTimeout;
  }

  /// Whether [#replay] takes it.
  boolean isReplayable(Letter letter) {
    return letter.topic().equals(requests) && letter.isWhole();
  }

  /// @throws Problem.Raised 404 when there is no such letter, 409 when it cannot be replayed, 503 when the outcome is not known
  Done replay(String id, Asker asker) throws InterruptedException {
    refuseUnplayable(found(id));
    return withdraw(id, true, asker);
  }

  /// @throws Problem.Raised 404 when there is no such letter, 503 when the outcome is not known
  Done drop(String id, Asker asker) throws InterruptedException {
    return withdraw(id, false, asker);
  }

  private Done withdraw(String id, boolean replay, Asker asker) throws InterruptedException {
    Deadline deadline = Deadline.in(ackTimeout);
    List<Letter> taken = new ArrayList<>();
    List<RecordMetadata> places;
    try {
      places = transactions.write("the dead letter", deadline, othersWrote -> {
        if (othersWrote) {
          end.await(deadline);
        }
        Letter letter = replay ? whole(found(id)) : found(id);
        taken.add(letter);
        return replay ? List.of(request(letter, asker), tombstone(id, "replayed", asker)) : List.of(tombstone(id, "dropped", asker));
      });
    } catch (KafkaException e) {
      LOG.warn("dead_letter_withdrawal_failed dead_letter={} cause=\"{}\"", id, e.toString());
      throw new Problem(503, "outcome-unknown", "Expected Kafka to acknowledge what was written for the dead letter " + id + " in time, but "
          + e.getMessage() + "; the outcome is unknown: repeat the call, which does it once at most.").raise();
    }
    RecordMetadata tombstone = places.getLast();
    view.withdrawn(id, tombstone.offset());
    return new Done(taken.getLast(), replay ? places.getFirst() : null, tombstone);
  }

  private Letter found(String id) {
    Letter letter = view.find(id);
    if (letter == null) {
      throw Problems.noLetter(id);
    }
    return letter;
  }

  private Letter whole(Letter known) throws InterruptedException {
    Letter letter = reader.whole(known);
    if (letter == null) {
      throw Problems.noLetter(known.id());
    }
    refuseUnplayable(letter);
    return letter;
  }

  private void refuseUnplayable(Letter letter) {
    if (!letter.topic().equals(requests)) {
      throw Problems.conflict("Expected a dead letter of " + requests + ", but " + letter.id() + " is of " + letter.topic()
          + ": what is written there again comes too late to be true, so only job requests can be replayed; drop it when it is understood.");
    }
    if (!letter.isWhole()) {
      throw Problems.conflict("Expected a whole dead letter, but of " + letter.id() + " only the beginning was kept, as its value of " + letter.size()
          + " bytes or its key was too long; send the request again from where it came from.");
    }
  }

  private ProducerRecord<byte[], byte[]> request(Letter letter, Asker asker) {
    RecordHeaders headers = new RecordHeaders();
    headers.add("hodei.replay-of", letter.id().getBytes(StandardCharsets.UTF_8));
    headers.add("hodei.actor", asker.actor().getBytes(StandardCharsets.UTF_8));
    return new ProducerRecord<>(requests, null, letter.key(), letter.value(), headers);
  }

  private ProducerRecord<byte[], byte[]> tombstone(String id, String verb, Asker asker) {
    RecordHeaders headers = new RecordHeaders();
    headers.add("hodei.withdrawal", verb.getBytes(StandardCharsets.UTF_8));
    headers.add("hodei.actor", asker.actor().getBytes(StandardCharsets.UTF_8));
    headers.add("hodei.correlation-id", asker.correlationId().getBytes(StandardCharsets.UTF_8));
    return new ProducerRecord<>(topic, null, id.getBytes(StandardCharsets.UTF_8), null, headers);
  }
}
