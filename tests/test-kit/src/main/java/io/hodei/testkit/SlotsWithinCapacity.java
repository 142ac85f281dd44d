package io.hodei.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// I5: at no offset of the log has a pool more workers than slots. A worker holds its slot from WorkerProvisioningRequested to WorkerTerminated.
public final class SlotsWithinCapacity implements Promise {
  @Override
  public List<Violation> check(History history) {
    List<Violation> found = new ArrayList<>();
    Map<String, Set<String>> holders = new HashMap<>();
    for (Event event : history.workerEvents()) {
      Integer slots = event.pool() == null ? null : history.slots().get(event.pool());
      if (slots == null || event.worker() == null) {
        continue;
      }
      Set<String> held = holders.computeIfAbsent(event.pool(), none -> new HashSet<>());
      if (event.is("WorkerProvisioningRequested")) {
        held.add(event.worker());
        if (held.size() > slots) {
          found.add(violation(event.worker(), event.words() + " is worker number " + held.size() + " at once, but pool " + event.pool() + " has "
              + slots + (slots == 1 ? " slot" : " slots")));
        }
      } else if (event.is("WorkerTerminated")) {
        held.remove(event.worker());
      }
    }
    return found;
  }
}
