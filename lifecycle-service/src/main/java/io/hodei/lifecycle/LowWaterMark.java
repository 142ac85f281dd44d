package io.hodei.lifecycle;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/// Up to where worker-commands is done with: every record below is settled, which means that its reports are
/// acknowledged. Thread-safe.
public final class LowWaterMark {
  /// A record of worker-commands.
  public record Position(int partition, long offset) {}

  private static final class Progress {
    private final TreeSet<Long> open = new TreeSet<>();
    private long next;
  }

  private final Map<Integer, Progress> partitions = new HashMap<>();

  /// Nothing was read yet.
  public LowWaterMark() {}

  public synchronized void opened(Position position) {
    Progress progress = of(position.partition());
    progress.open.add(position.offset());
    progress.next = Math.max(progress.next, position.offset() + 1);
  }

  public synchronized void settled(Position position) {
    of(position.partition()).open.remove(position.offset());
  }

  /// The reader has seen everything below `next`, markers of transactions included.
  public synchronized void read(int partition, long next) {
    Progress progress = of(partition);
    progress.next = Math.max(progress.next, next);
  }

  synchronized int openCount() {
    return partitions.values().stream().mapToInt(p -> p.open.size()).sum();
  }

  /// From where to go on after a restart, by partition.
  public synchronized Map<Integer, Long> committable() {
    Map<Integer, Long> marks = new HashMap<>();
    partitions.forEach((partition, progress) ->
        marks.put(partition, progress.open.isEmpty() ? progress.next : progress.open.first()));
    return marks;
  }

  private Progress of(int partition) {
    return partitions.computeIfAbsent(partition, p -> new Progress());
  }
}
