package io.hodei.domain;

/// Why a worker is destroyed.
public enum TerminationReason {
  JOB_COMPLETED, IDLE_TIMEOUT, MAX_LIFETIME, TTL_EXPIRED, MANUAL, SELF_REPORTED, LOST, ORPHAN, CONNECT_TIMEOUT, PROVIDER_ERROR;

  /// Nobody was to destroy the worker at the end of its attempt: a person did, or the time for which it was kept was over.
  public boolean isByIntent() {
    return this == MANUAL || this == TTL_EXPIRED;
  }
}
