package io.hodei.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How long agents and providers have been silent, on a clock that runs only while gateways report and we listen: when we, or the broker, were
/// away, nobody's lease ran, and what a backlog says of the silence before is no news. It starts anew at takeover, so a full lease passes before
/// anybody is judged.
final class Leases {
  /// A gap between two reports counts for this much at most.
  private static final Duration GAP = Duration.ofSeconds(3);

  /// When we do nothing for longer, we were away. Not less, or one who is always slow would never judge.
  private static final Duration PAUSE = Duration.ofSeconds(6);

  private final Map<WorkerId, Long> lastBeat = new HashMap<>();
  private final Map<String, Long> lastProvider = new HashMap<>();
  private long clockMs;
  private @Nullable Instant lastReport;
  private Instant listeningSince = Instant.MIN;
  private Instant lastAwake = Instant.MIN;

  /// We do something at `now`.
  void awake(Instant now) {
    if (now.minus(PAUSE).isAfter(lastAwake)) {
      listeningSince = now;
      lastReport = null;
    }
    lastAwake = now;
  }

  /// Since when we have heard whatever there was to hear: the takeover, or the end of our last pause.
  Instant listeningSince() {
    return listeningSince;
  }

  /// What a gateway saw: for each of its agents, for how long it had been silent.
  void report(Map<WorkerId, Long> idleMs, Instant now) {
    if (lastReport != null) {
      clockMs += Math.max(0, Math.min(GAP.toMillis(), Duration.between(lastReport, now).toMillis()));
    }
    lastReport = now;
    idleMs.forEach((worker, idle) -> lastBeat.merge(worker, Math.max(0, clockMs - Math.max(0, idle)), Math::max));
  }

  void beat(WorkerId worker) {
    lastBeat.put(worker, clockMs);
  }

  void forget(WorkerId worker) {
    lastBeat.remove(worker);
  }

  void providerSeen(String providerId) {
    lastProvider.put(providerId, clockMs);
  }

  /// Whether this instance has reported in this life, and within `limit`.
  boolean hears(String providerId, Duration limit) {
    return lastProvider.containsKey(providerId) && providerSilence(providerId).compareTo(limit) <= 0;
  }

  Duration silence(WorkerId worker) {
    return Duration.ofMillis(clockMs - lastBeat.getOrDefault(worker, 0L));
  }

  Duration providerSilence(String providerId) {
    return Duration.ofMillis(clockMs - lastProvider.getOrDefault(providerId, 0L));
  }

  /// Those silent for longer than `lease`; nobody when three or more and the greater part of all have been silent for half of it: then it is
  /// we who do not hear. Half, since beats are spread: those who fall silent together do not expire in the same sweep.
  List<WorkerId> expired(Collection<WorkerId> connected, Duration lease) {
    List<WorkerId> expired = new ArrayList<>();
    int silent = 0;
    for (WorkerId worker : connected) {
      Duration silence = silence(worker);
      if (silence.compareTo(lease.dividedBy(2)) > 0) {
        silent++;
      }
      if (silence.compareTo(lease) > 0) {
        expired.add(worker);
      }
    }
    return silent >= 3 && silent * 2 > connected.size() ? List.of() : expired;
  }
}
