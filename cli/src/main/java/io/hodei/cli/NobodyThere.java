package io.hodei.cli;

/// No server listens at the address: nothing was asked.
final class NobodyThere extends Unreachable {
  private static final long serialVersionUID = 1L;

  NobodyThere(String message) {
    super(message);
  }
}
