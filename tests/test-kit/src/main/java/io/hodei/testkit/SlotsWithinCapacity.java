package io.hodei.testkit;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// I5: at no offset of the log has a pool more workers than slots. A worker holds its slot from WorkerProvisioningRequested to WorkerTerminated.
public final class SlotsWithinCapacity implements Promise {
  @Override
  public List<Violation> check(History history) {
    List<Violation> found = new ArrayList<>();
    Set<String> holders = new LinkedHashSet<>();
    for (Event event : history.workerEvents()) {
      String worker = event.worker();
      if (worker != null && event.is("WorkerProvisioningRequested")) {
        holders.add(worker);
        if (holders.size() > history.slots()) {
          found.add(violation(worker, event.words() + " is the " + holders.size() + "th worker at once, but there are " + history.slots() + " slots"));
        }
      } else if (worker != null && event.is("WorkerTerminated")) {
        holders.remove(worker);
      }
    }
    return found;
  }
}
