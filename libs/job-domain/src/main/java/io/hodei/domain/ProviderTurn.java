package io.hodei.domain;

import io.hodei.domain.ProviderEvent.ProviderRecovered;
import io.hodei.domain.ProviderEvent.ProviderSeen;
import io.hodei.domain.ProviderEvent.ProviderUnavailable;
import java.time.Duration;
import java.time.Instant;

/// What follows from a provider instance's word, or from its silence: an event when it is new, one when it goes and one when it is back, and one each week
/// in between.
final class ProviderTurn {
  /// Events are kept for 30 days: whoever reads them from the beginning must find each instance that is there.
  static final Duration TOLD_AGAIN = Duration.ofDays(7);

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
    if (known != null && known.isAway()) {
      turn.record(there, new ProviderRecovered(Duration.between(known.since(), now)));
    } else if (known == null || !now.isBefore(known.since().plus(TOLD_AGAIN))) {
      turn.record(there, new ProviderSeen());
    }
  }

  void away(String type, String id, String trouble) {
    Provider known = rows.provider(id);
    if (known == null || !known.isAway()) {
      turn.record(new Provider(id, type, now, trouble), new ProviderUnavailable(trouble));
    }
  }
}
