package io.hodei.dispatcher;

import io.hodei.domain.Outcome;
import io.hodei.schemas.ControlCommand;
import io.hodei.schemas.Flag;
import io.hodei.schemas.Pool;

/// Where a shard's consequences go: all that is handed over for one record belongs to one transaction.
public interface ShardOutbox {
  /// Events, rows and effects, in this order.
  void emit(Outcome outcome);

  /// A pool as it is now; `changed` false: it is only told again.
  void publish(Pool pool, boolean changed);

  /// A flag as it is now; `changed` false: it is only told again.
  void publish(Flag flag, boolean changed);

  /// Somebody wants the provider instances to list what there is.
  void askForInventory(ControlCommand command);

  /// The record in hand cannot be read, or its decision threw; nothing followed from it.
  void deadLetter(String source, String reason);

  /// A rule of our own threw.
  void bug(String where, RuntimeException cause);
}
