package io.hodei.domain;

/// A job's id.
public record JobId(String value) implements Comparable<JobId> {
  @Override
  public int compareTo(JobId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
