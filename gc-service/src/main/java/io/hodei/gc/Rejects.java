package io.hodei.gc;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Where a record goes that cannot be used. Called on a tail's thread.
@FunctionalInterface
interface Rejects {
  void reject(ConsumerRecord<String, byte[]> record, String reason);
}
