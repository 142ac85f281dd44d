package io.hodei.kit;

/// The mark of a request that a client was told is accepted: whatever happens to its pool, it becomes a job, if one that fails.
public final class Accepted {
  /// Header of a record of `hodei.job-requests`; any value.
  public static final String HEADER = "hodei-accepted";

  private Accepted() {}
}
