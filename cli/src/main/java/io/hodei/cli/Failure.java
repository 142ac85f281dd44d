package io.hodei.cli;

/// Ends a command: what was expected, what was found, what to do, and the exit code. Carried to [Main], which prints it.
class Failure extends RuntimeException {
  /// Wrong usage, or a request that the server refused for what it asks.
  static final int USAGE = 2;
  /// As a program that SIGPIPE ends: nobody reads what we write.
  static final int BROKEN_PIPE = 141;
  /// The job was cancelled.
  static final int CANCELLED = 130;
  /// A time was up.
  static final int TIMED_OUT = 124;
  /// Hodei could not do it; outside run and wait [Exits] makes it 1.
  static final int FAILED = 125;

  private static final long serialVersionUID = 1L;

  private final int exitCode;

  Failure(int exitCode, String message) {
    super(message, null, false, false);
    this.exitCode = exitCode;
  }

  static Failure usage(String message) {
    return new Failure(USAGE, message);
  }

  static Failure failed(String message) {
    return new Failure(FAILED, message);
  }

  int exitCode() {
    return exitCode;
  }
}
