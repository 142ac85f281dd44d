package io.hodei.domain;

import java.time.Duration;
import java.util.List;

/// What a pool demands of a request: its provider types and the longest timeout that a job of it may ask for.
public record PoolLimits(String pool, List<String> providers, Duration maxJobTimeout) {
  public PoolLimits {
    providers = List.copyOf(providers);
  }
}
