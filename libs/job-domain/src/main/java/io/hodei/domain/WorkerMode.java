package io.hodei.domain;

/// For how many jobs a worker is there: one, or one after the other until it has been idle for too long.
public enum WorkerMode {
  EPHEMERAL, REUSABLE;

  /// The name on the wire.
  public String wire() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
