package io.hodei.domain;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/// What can be switched while everything runs. `lifecycle` off: nothing is created or destroyed. `immediateCleanup`: the end of an attempt
/// destroys its worker, for `immediatePercent` of the jobs; the workers of the others wait for garbage collection.
public record Flags(boolean lifecycle, boolean immediateCleanup, int immediatePercent) {
  /// Everything on.
  public static final Flags ON = new Flags(true, true, 100);

  private static final BigInteger HUNDRED = BigInteger.valueOf(100);

  public Flags {
    if (immediatePercent < 0 || immediatePercent > 100) {
      throw new IllegalArgumentException("Expected a percentage of 0 to 100, but found " + immediatePercent);
    }
  }

  /// Whether the end of this job's attempts destroys their workers at once. The canary looks at the id alone, so it is the same for the same
  /// id in every installation.
  public boolean immediateFor(JobId job) {
    return immediateCleanup && bucketOf(job) < immediatePercent;
  }

  /// The SHA-256 of the id modulo 100.
  static int bucketOf(JobId job) {
    return new BigInteger(1, RequestHash.sha256(job.value().getBytes(StandardCharsets.UTF_8))).mod(HUNDRED).intValue();
  }
}
