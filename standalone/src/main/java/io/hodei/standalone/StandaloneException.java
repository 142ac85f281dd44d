package io.hodei.standalone;

import org.jspecify.annotations.Nullable;

/// What went wrong, in words for the person at the keyboard: what was expected, what was found, what to do. Never a bug.
final class StandaloneException extends RuntimeException {
  private static final long serialVersionUID = 1;
  static final int FAILED = 1;
  static final int WRONG_USAGE = 2;

  private final int exitCode;

  private StandaloneException(int exitCode, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  StandaloneException(String message) {
    super(message);
    this.exitCode = FAILED;
  }

  StandaloneException(String message, Throwable cause) {
    this(FAILED, message, cause);
  }

  static StandaloneException usage(String message) {
    return new StandaloneException(WRONG_USAGE, message, null);
  }

  int exitCode() {
    return exitCode;
  }
}
