package io.hodei.domain;

/// A worker's id.
public record WorkerId(String value) implements Comparable<WorkerId> {
  @Override
  public int compareTo(WorkerId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
