package io.hodei.dispatcher;

import io.hodei.domain.Cause;
import io.hodei.domain.Provider;
import io.hodei.domain.ProviderEvent;
import io.hodei.domain.Recorded;
import io.hodei.schemas.WorkerEvent;
import java.util.function.Supplier;

/// A provider instance's events as records of `hodei.worker-events`, and its row, which is the last of them.
public final class ProviderRows {
  private static final String UNAVAILABLE = "ProviderUnavailable";
  private static final String RECOVERED = "ProviderRecovered";

  private ProviderRows() {}

  static WorkerEvent write(Recorded.OfProvider recorded, Supplier<String> eventIds) {
    Provider after = recorded.after();
    Cause cause = recorded.cause();
    WorkerEvent.Builder flat = builder(after).setType(recorded.event().type()).setEventId(eventIds.get()).setOccurredAt(recorded.at())
        .setCausationId(cause.causationId()).setActor(cause.actor());
    return switch (recorded.event()) {
      case ProviderEvent.ProviderUnavailable e -> flat.setMessage(e.message()).setCategory("PROVIDER").build();
      case ProviderEvent.ProviderRecovered e -> flat.setLatencyMs(e.away().toMillis())
          .setMessage("It was away for " + e.away().toSeconds() + " s.").build();
      case ProviderEvent.ProviderSeen e -> flat.build();
    };
  }

  /// As it is stored.
  public static WorkerEvent write(Provider row) {
    return builder(row).setType(row.isAway() ? UNAVAILABLE : RECOVERED).setOccurredAt(row.since()).setMessage(row.trouble()).build();
  }

  /// What was stored.
  public static Provider read(WorkerEvent row) {
    String trouble = row.getType().equals(UNAVAILABLE) ? Wire.given(row.getMessage(), "message") : null;
    return new Provider(Wire.given(row.getProviderId(), "providerId"), Wire.given(row.getProvider(), "provider"), row.getOccurredAt(), trouble);
  }

  private static WorkerEvent.Builder builder(Provider of) {
    return WorkerEvent.newBuilder().setCorrelationId(of.id()).setProvider(of.type()).setProviderId(of.id());
  }
}
