package io.hodei.gc;

import io.hodei.kit.Codec;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/// What a cycle writes, as bytes. Thread-safe.
final class CycleRecords {
  private final Codec codec;

  CycleRecords(Codec codec) {
    this.codec = codec;
  }

  List<ProducerRecord<String, byte[]>> of(List<Letter> letters) {
    return letters.stream().map(letter -> codec.record(letter.topic(), letter.key(), letter.value())).toList();
  }
}
