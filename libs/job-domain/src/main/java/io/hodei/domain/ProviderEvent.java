package io.hodei.domain;

import java.time.Duration;

/// What happened to a provider instance. The simple names are those on `hodei.worker-events`.
public sealed interface ProviderEvent {
  /// From now on nothing new is made there.
  record ProviderUnavailable(String message) implements ProviderEvent {}

  /// It answers again, after having been away for so long.
  record ProviderRecovered(Duration away) implements ProviderEvent {}

  /// It tells of itself: for the first time, or again after so long that its last event may be forgotten.
  record ProviderSeen() implements ProviderEvent {}

  /// The event's name on the topic.
  default String type() {
    return getClass().getSimpleName();
  }
}
