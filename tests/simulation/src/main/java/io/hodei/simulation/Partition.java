package io.hodei.simulation;

import java.util.ArrayList;
import java.util.List;

/// One partition of a topic: what was acknowledged stays, in its order. Readers are told that there is something, and read in their own time.
final class Partition<T> {
  private final String name;
  private final List<T> records = new ArrayList<>();
  private final List<Runnable> readers = new ArrayList<>();

  Partition(String name) {
    this.name = name;
  }

  long append(T record) {
    records.add(record);
    readers.forEach(Runnable::run);
    return records.size() - 1L;
  }

  T at(long offset) {
    return records.get(Math.toIntExact(offset));
  }

  long end() {
    return records.size();
  }

  /// As in the source of a job: topic-partition-offset.
  String place(long offset) {
    return name + "-0-" + offset;
  }

  String topicPartition() {
    return name + "-0";
  }

  void told(Runnable reader) {
    readers.add(reader);
  }
}
