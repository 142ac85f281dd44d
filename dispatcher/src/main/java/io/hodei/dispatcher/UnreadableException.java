package io.hodei.dispatcher;

/// A record cannot be read as what its topic holds: it goes to the dead letters.
public final class UnreadableException extends RuntimeException {
  UnreadableException(String message) {
    super(message);
  }

  UnreadableException(String message, Throwable cause) {
    super(message, cause);
  }
}
