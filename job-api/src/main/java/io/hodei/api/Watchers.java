package io.hodei.api;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Wakes those who wait for a change of one object. Thread-safe.
final class Watchers {
  private final ConcurrentHashMap<String, Set<Watch>> watches = new ConcurrentHashMap<>();

  /// One who waits. Begin to watch before you look, so that no change is missed.
  final class Watch implements AutoCloseable {
    private final String id;
    private final Semaphore changes = new Semaphore(0);

    private Watch(String id) {
      this.id = id;
    }

    /// Returns after a change since the last call, or when `patience` is over.
    void await(Duration patience) throws InterruptedException {
      if (changes.tryAcquire(Math.max(0, patience.toNanos()), TimeUnit.NANOSECONDS)) {
        changes.drainPermits();
      }
    }

    @Override
    public void close() {
      watches.computeIfPresent(id, (key, set) -> {
        set.remove(this);
        return set.isEmpty() ? null : set;
      });
    }
  }

  Watch watch(String id) {
    Watch watch = new Watch(id);
    watches.compute(id, (key, set) -> {
      Set<Watch> all = set == null ? ConcurrentHashMap.newKeySet() : set;
      all.add(watch);
      return all;
    });
    return watch;
  }

  void changed(String id) {
    Set<Watch> waiting = watches.get(id);
    if (waiting != null) {
      waiting.forEach(watch -> watch.changes.release());
    }
  }

  int size() {
    return watches.size();
  }
}
