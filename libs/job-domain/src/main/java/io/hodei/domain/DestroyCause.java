package io.hodei.domain;

import java.util.Locale;

/// Who had a worker destroyed.
public enum DestroyCause {
  /// The end of its attempt.
  IMMEDIATE,
  /// A garbage collection cycle, a lease or a deadline.
  GC,
  /// Nobody: it vanished before its attempt ended.
  SELF,
  /// A person.
  MANUAL;

  /// As in the contract: lower case.
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
