package io.hodei.lifecycle;

import io.hodei.lifecycle.LowWaterMark.Position;
import io.hodei.schemas.WorkerCommand;
import java.util.Optional;
import java.util.function.BiConsumer;

/// Where a record of worker-commands goes: into a lane, to the inventory, or nowhere. The reader's thread.
public final class CommandSorting {
  private final CommandParser parser;
  private final BiConsumer<Command, Position> lanes;
  private final LowWaterMark mark;
  private final Runnable takeInventory;

  public CommandSorting(String type, String providerId, BiConsumer<Command, Position> lanes, LowWaterMark mark, Runnable takeInventory) {
    this.parser = new CommandParser(type, providerId);
    this.lanes = lanes;
    this.mark = mark;
    this.takeInventory = takeInventory;
  }

  /// @throws IllegalArgumentException when it is for us and says no worker
  public void take(WorkerCommand record, Position at) {
    Optional<Command> command = parser.read(record);
    if (command.isPresent()) {
      lanes.accept(command.get(), at);
      return;
    }
    if (parser.asksForInventory(record)) {
      takeInventory.run();
    }
    mark.settled(at);
  }
}
