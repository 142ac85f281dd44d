package io.hodei.domain;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a pool demands of a request: its provider types, the image of jobs that name none (null: such jobs are refused where images are run), and the
/// longest timeout that a job of it may ask for. `allow`: the JSON text of what a job may ask of a provider; null: nothing.
public record PoolLimits(String pool, List<String> providers, @Nullable String image, Duration maxJobTimeout, @Nullable String allow) {
  public PoolLimits {
    providers = List.copyOf(providers);
  }

  /// Of which nothing may be asked.
  public PoolLimits(String pool, List<String> providers, @Nullable String image, Duration maxJobTimeout) {
    this(pool, providers, image, maxJobTimeout, null);
  }

  /// What this pool demands.
  public static PoolLimits of(PoolPolicy pool) {
    return new PoolLimits(pool.name(), pool.providers(), pool.template().image(), pool.times().maxJobTimeout(), pool.allow());
  }
}
