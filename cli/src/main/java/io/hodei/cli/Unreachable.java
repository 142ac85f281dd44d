package io.hodei.cli;

/// The server's answer was lost: whether it acted is unknown.
class Unreachable extends Failure {
  private static final long serialVersionUID = 1L;

  Unreachable(String message) {
    super(FAILED, message);
  }
}
