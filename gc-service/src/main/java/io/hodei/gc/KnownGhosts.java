package io.hodei.gc;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The ghosts of the last cycle that judged, so that each is counted once. In memory: a restart begins anew. Used by one cycle
/// at a time.
final class KnownGhosts {
  private Set<String> known = new HashSet<>();

  /// Takes over the ghosts of a cycle that judged; how many are new.
  int update(List<Finding> findings) {
    Set<String> next = new HashSet<>();
    for (Finding finding : findings) {
      if (finding instanceof Finding.Ghost ghost) {
        next.add(ghost.workerId());
      }
    }
    int fresh = (int) next.stream().filter(id -> !known.contains(id)).count();
    known = next;
    return fresh;
  }
}
