package io.hodei.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// What a command did.
public record Ran(int exit, byte[] stdout, byte[] stderr, Duration took) {
  public String out() {
    return new String(stdout, StandardCharsets.UTF_8);
  }

  public String err() {
    return new String(stderr, StandardCharsets.UTF_8);
  }

  /// The same, when it exited with `expected`.
  ///
  /// @throws AssertionError with both streams otherwise
  public Ran exits(int expected) {
    if (exit != expected) {
      throw new AssertionError("Expected exit " + expected + ", but found " + exit + "\nstdout: " + out() + "\nstderr: " + err());
    }
    return this;
  }
}
