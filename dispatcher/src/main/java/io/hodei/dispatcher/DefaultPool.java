package io.hodei.dispatcher;

import io.hodei.domain.PoolPolicy;
import io.hodei.kit.Key;
import io.hodei.kit.Settings;
import io.hodei.kit.SettingsException;
import io.hodei.schemas.Pool;
import java.util.List;

/// Pool `default`, from the configuration.
final class DefaultPool {
  private DefaultPool() {}

  static PoolPolicy of(Settings settings) {
    int cores = Runtime.getRuntime().availableProcessors();
    String provider = settings.text(Key.PROVIDER);
    if (!provider.equals("process")) {
      throw new SettingsException("Expected process for " + Key.PROVIDER.key() + ", but found \"" + provider + "\"; docker and kubernetes are not built yet.");
    }
    long maxWorkers = settings.number(Key.MAX_WORKERS);
    long maxCreating = settings.number(Key.MAX_CREATING);
    return new PoolPolicy("default", provider, (int) (maxWorkers > 0 ? maxWorkers : Math.max(32, 4L * cores)),
        (int) (maxCreating > 0 ? maxCreating : Math.max(4, 2L * cores)), settings.duration(Key.MAX_LIFETIME),
        settings.duration(Key.MAX_JOB_TIMEOUT), settings.duration(Key.GRACEFUL_TERMINATION), settings.duration(Key.CREATE_TIMEOUT),
        settings.duration(Key.CONNECT_TIMEOUT), 1);
  }

  /// The record for `hodei.pools`.
  static Pool record(PoolPolicy pool, Settings settings) {
    return Pool.newBuilder().setName(pool.name()).setProviders(List.of(pool.provider())).setMaxWorkers(pool.maxWorkers())
        .setMaxCreating(pool.maxCreating()).setMaxLifetimeMs(pool.maxLifetime().toMillis()).setMaxJobTimeoutMs(pool.maxJobTimeout().toMillis())
        .setGracefulTerminationMs(pool.gracefulTermination().toMillis()).setCreateTimeoutMs(pool.createTimeout().toMillis())
        .setConnectTimeoutMs(pool.connectTimeout().toMillis()).setTtlAfterCompletionMs(120_000).setIdleTimeoutMs(300_000)
        .setOrphanCheckIntervalMs(settings.duration(Key.GC_INTERVAL).toMillis()).setGeneration(pool.generation()).build();
  }
}
