package io.hodei.testkit;

import java.util.List;

/// The log of a job's last attempt: the numbers that the job gave its lines, in the order read, and whether the reader was told that it is whole.
public record JobLog(String job, List<Integer> numbers, boolean complete) {
  public JobLog {
    numbers = List.copyOf(numbers);
  }
}
