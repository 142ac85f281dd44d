package io.hodei.standalone;

/// A short wait between two looks at something outside of this process.
final class Pause {
  private Pause() {}

  static void millis(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StandaloneException("Expected to go on waiting, but was interrupted.", e);
    }
  }
}
