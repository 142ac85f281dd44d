package io.hodei.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How long agents and providers have been silent, on a clock that runs only while gateways report: when we, or the broker, were
/// away, nobody's lease ran. It starts anew at takeover, so a full lease passes before anybody is judged.
final class Leases {
  /// A gap between two reports counts for this much at most.
  private static final Duration GAP = Duration.ofSeconds(3);

  private final Map<WorkerId, Long> lastBeat = new HashMap<>();
  private final Map<String, Long> lastProvider = new HashMap<>();
  private final Map<String, String> providerTypes = new HashMap<>();
  private long clockMs;
  private @Nullable Instant lastReport;

  void report(Map<WorkerId, Long> idleMs, Instant now) {
    if (lastReport != null) {
      clockMs += Math.max(0, Math.min(GAP.toMillis(), Duration.between(lastReport, now).toMillis()));
    }
    lastReport = now;
    idleMs.forEach((worker, idle) -> lastBeat.merge(worker, clockMs - Math.max(0, idle), Math::max));
  }

  void beat(WorkerId worker) {
    lastBeat.put(worker, clockMs);
  }

  void forget(WorkerId worker) {
    lastBeat.remove(worker);
  }

  void providerSeen(String type, String providerId) {
    providerTypes.put(providerId, type);
    lastProvider.put(providerId, clockMs);
  }

  /// An instance of this type that has reported within `limit`; null when there is none.
  @Nullable String providerOf(String type, Duration limit) {
    String found = null;
    for (Map.Entry<String, String> known : providerTypes.entrySet()) {
      if (known.getValue().equals(type) && providerSilence(known.getKey()).compareTo(limit) <= 0
          && (found == null || known.getKey().compareTo(found) < 0)) {
        found = known.getKey();
      }
    }
    return found;
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
