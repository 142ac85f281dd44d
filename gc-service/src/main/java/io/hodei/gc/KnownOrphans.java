package io.hodei.gc;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Since when gc has known each orphan. In memory: a restart begins anew. Used by one cycle at a time.
final class KnownOrphans {
  private record Place(String providerId, String workerId) {}

  private Map<Place, Instant> since = new HashMap<>();

  /// Takes over the orphans of a cycle that judged, drops those that are no more; how many are new.
  int update(List<Finding> findings, Instant now) {
    Map<Place, Instant> next = new HashMap<>();
    int fresh = 0;
    for (Finding finding : findings) {
      if (finding instanceof Finding.Orphan orphan) {
        Instant known = since.get(place(orphan));
        next.put(place(orphan), known == null ? now : known);
        fresh += known == null ? 1 : 0;
      }
    }
    since = next;
    return fresh;
  }

  Duration age(Finding.Orphan orphan, Instant now) {
    Duration age = Duration.between(since.getOrDefault(place(orphan), now), now);
    return age.isNegative() ? Duration.ZERO : age;
  }

  private static Place place(Finding.Orphan orphan) {
    return new Place(orphan.providerId(), orphan.workerId());
  }
}
