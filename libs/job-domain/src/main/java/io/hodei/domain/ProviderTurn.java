package io.hodei.domain;

import io.hodei.domain.ProviderEvent.ProviderRecovered;
import io.hodei.domain.ProviderEvent.ProviderUnavailable;
import java.time.Duration;
import java.time.Instant;

/// What follows from a provider instance's word, or from its silence: an event when it goes and one when it is back, none in between.
final class ProviderTurn {
  private final Rows rows;
  private final Turn turn;
  private final Instant now;

  ProviderTurn(Rows rows, Turn turn, Instant now) {
    this.rows = rows;
    this.turn = turn;
    this.now = now;
  }

  void alive(String type, String id) {
    Provider known = rows.provider(id);
    Provider there = new Provider(id, type, now, null);
    if (known == null) {
      turn.outcome().providers().put(id, there);
    } else if (known.isAway()) {
      turn.record(there, new ProviderRecovered(Duration.between(known.since(), now)));
    }
  }

  void away(String type, String id, String trouble) {
    Provider known = rows.provider(id);
    if (known == null || !known.isAway()) {
      turn.record(new Provider(id, type, now, trouble), new ProviderUnavailable(trouble));
    }
  }
}
