package io.hodei.domain;

/// Why a worker is destroyed.
public enum TerminationReason {
  JOB_COMPLETED, IDLE_TIMEOUT, MAX_LIFETIME, TTL_EXPIRED, MANUAL, SELF_REPORTED, LOST, ORPHAN, CONNECT_TIMEOUT, PROVIDER_ERROR
}
