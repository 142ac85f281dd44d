package io.hodei.domain;

import java.util.ArrayList;
import java.util.List;

/// What a pool refuses of a request that is well-formed by itself. Who uses it: job-api before it accepts, the dispatcher for
/// requests of other producers.
public final class RequestRules {
  private RequestRules() {}

  /// Everything that `pool` refuses of `spec`; empty when it takes it.
  public static List<Violation> check(JobSpec spec, PoolLimits pool) {
    List<Violation> violations = new ArrayList<>();
    if (pool.providers().stream().allMatch("process"::equals)) {
      refuseOnProcess(spec, pool, violations);
    } else {
      refuseInContainers(spec, pool, violations);
    }
    if (spec.timeout() != null && spec.timeout().compareTo(pool.maxJobTimeout()) > 0) {
      violations.add(new Violation("timeout", "out-of-range", "Expected at most " + DurationText.of(pool.maxJobTimeout())
          + ", the maxJobTimeout of pool " + pool.pool() + ", but the timeout is " + DurationText.of(spec.timeout())
          + "; ask for less, or raise maxJobTimeout."));
    }
    return violations;
  }

  private static void refuseOnProcess(JobSpec spec, PoolLimits pool, List<Violation> violations) {
    if (spec.image() != null) {
      violations.add(unsupported("image", pool, "it runs no images; leave image out, or choose a pool that runs containers"));
    }
    if (spec.resources() != null) {
      violations.add(unsupported("resources", pool, "it cannot limit a job; leave resources out"));
    }
    if (spec.providerConfig() != null) {
      violations.add(unsupported("providerConfig", pool, "it takes no configuration; leave providerConfig out"));
    }
  }

  private static void refuseInContainers(JobSpec spec, PoolLimits pool, List<Violation> violations) {
    if (spec.image() == null && pool.image() == null) {
      violations.add(new Violation("image", "missing", "Expected an image, since pool " + pool.pool()
          + " runs containers and its template names none, but found none; add one, such as \"image\":\"debian:12\"."));
    }
    if (spec.providerConfig() != null) {
      ProviderConfigs.checkJob(spec.providerConfig(), pool, violations);
    }
  }

  private static Violation unsupported(String field, PoolLimits pool, String why) {
    return new Violation(field, "unsupported",
        "Expected no " + field + " in pool " + pool.pool() + ", whose provider is process, but found one: " + why + ".");
  }
}
