package io.hodei.cli;

/// Colours of the words that stand for a state.
final class Colour {
  private static final String RESET = "\u001B[0m";

  private Colour() {}

  static String of(String word) {
    return switch (word) {
      case "SUCCEEDED", "READY" -> "\u001B[32m" + word + RESET;
      case "FAILED", "TIMEOUT" -> "\u001B[31m" + word + RESET;
      case "CANCELLED", "DRAINING", "TERMINATING" -> "\u001B[33m" + word + RESET;
      case "RUNNING", "BUSY" -> "\u001B[36m" + word + RESET;
      default -> word;
    };
  }
}
