package io.hodei.lifecycle;

import io.hodei.kit.DeadLetters;
import io.hodei.lifecycle.LowWaterMark.Position;
import io.hodei.schemas.WorkerCommand;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Sorts what the reader found: into a lane, to the inventory, to the dead letters, or away. The reader's thread.
final class CommandInbox implements CommandReader.Inbox {
  private final CommandParser parser;
  private final LaneRunner lanes;
  private final LowWaterMark mark;
  private final Runnable takeInventory;
  private final Outbox outbox;
  private final DeadLetters deadLetters;

  CommandInbox(CommandParser parser, LaneRunner lanes, LowWaterMark mark, Runnable takeInventory, Outbox outbox,
      DeadLetters deadLetters) {
    this.parser = parser;
    this.lanes = lanes;
    this.mark = mark;
    this.takeInventory = takeInventory;
    this.outbox = outbox;
    this.deadLetters = deadLetters;
  }

  @Override
  public void take(WorkerCommand record, Position at) {
    Optional<Command> command = parser.read(record);
    if (command.isPresent()) {
      lanes.add(command.get(), at);
      return;
    }
    if (parser.asksForInventory(record)) {
      takeInventory.run();
    }
    mark.settled(at);
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
