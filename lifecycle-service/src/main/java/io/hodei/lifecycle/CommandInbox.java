package io.hodei.lifecycle;

import io.hodei.kit.DeadLetters;
import io.hodei.lifecycle.LowWaterMark.Position;
import io.hodei.schemas.WorkerCommand;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Takes what the reader found: what can be read is sorted, the rest goes to the dead letters. The reader's thread.
final class CommandInbox implements CommandReader.Inbox {
  private final CommandSorting sorting;
  private final LaneRunner lanes;
  private final Outbox outbox;
  private final DeadLetters deadLetters;

  CommandInbox(CommandSorting sorting, LaneRunner lanes, Outbox outbox, DeadLetters deadLetters) {
    this.sorting = sorting;
    this.lanes = lanes;
    this.outbox = outbox;
    this.deadLetters = deadLetters;
  }

  @Override
  public void take(WorkerCommand record, Position at) {
    sorting.take(record, at);
  }

  @Override
  public void refuse(ConsumerRecord<String, byte[]> record, String reason) throws InterruptedException {
    outbox.deliver(deadLetters.letter(record.topic(), record.partition(), record.offset(), record.key(), record.value(), reason));
  }

  @Override
  public void backlogDone() {
    lanes.open();
  }
}
