package io.hodei.simulation;

/// A promise that was broken: by which job or worker, in one sentence, and at which step of the world.
record Broken(String promise, String subject, String sentence, long step) {
  @Override
  public String toString() {
    return promise + ": " + subject + ": " + sentence;
  }
}
