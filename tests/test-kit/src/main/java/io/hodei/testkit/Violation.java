package io.hodei.testkit;

/// A promise that was broken: which, by which job, worker or key, and what was seen, in one sentence.
public record Violation(String promise, String subject, String sentence) {
  @Override
  public String toString() {
    return promise + ": " + subject + ": " + sentence;
  }
}
