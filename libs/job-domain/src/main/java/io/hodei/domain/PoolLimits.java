package io.hodei.domain;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a pool demands of a request: its provider types, the image of jobs that name none (null: such jobs are refused where images are run), and the
/// longest timeout that a job of it may ask for.
public record PoolLimits(String pool, List<String> providers, @Nullable String image, Duration maxJobTimeout) {
  public PoolLimits {
    providers = List.copyOf(providers);
  }
}
