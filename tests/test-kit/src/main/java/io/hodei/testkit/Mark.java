package io.hodei.testkit;

import java.time.Instant;

/// A sign of life that an attempt of a job has written by itself, outside of everything that Hodei keeps: at its start, while it runs, at its end.
public record Mark(String what, String job, int attempt, String worker, Instant at) {
  public static final String START = "start";
  public static final String ALIVE = "alive";
  public static final String END = "end";

  public boolean isStart() {
    return what.equals(START);
  }

  /// From a line `start JOB ATTEMPT WORKER NANOSECONDS`.
  public static Mark parse(String line) {
    String[] parts = line.split(" ");
    long nanos = Long.parseLong(parts[4]);
    return new Mark(parts[0], parts[1], Integer.parseInt(parts[2]), parts[3], Instant.ofEpochSecond(nanos / 1_000_000_000, nanos % 1_000_000_000));
  }
}
