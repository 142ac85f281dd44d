package io.hodei.dispatcher;

import io.hodei.domain.PoolPolicy;
import io.hodei.domain.PoolTimes;
import io.hodei.domain.WorkerMode;
import io.hodei.kit.Key;
import io.hodei.kit.Settings;
import io.hodei.kit.SettingsException;
import io.hodei.kit.Slots;
import java.util.Map;

/// Pool `default` as the configuration has it: what it is until somebody sets it.
final class DefaultPool {
  private DefaultPool() {}

  static PoolPolicy of(Settings settings) {
    String provider = settings.text(Key.PROVIDER);
    if (!provider.equals("process")) {
      throw new SettingsException("Expected process for " + Key.PROVIDER.key() + ", but found \"" + provider + "\"; docker and kubernetes are not built yet.");
    }
    Slots slots = Slots.of(settings);
    PoolTimes usual = PoolTimes.PROCESS;
    return new PoolPolicy("default", provider, WorkerMode.EPHEMERAL, slots.maxWorkers(), slots.maxCreating(), 0, true, true, false, Map.of(),
        new PoolTimes(settings.duration(Key.MAX_LIFETIME), settings.duration(Key.MAX_JOB_TIMEOUT), usual.ttlAfterCompletion(), usual.idleTimeout(),
            settings.duration(Key.GRACEFUL_TERMINATION), settings.duration(Key.CREATE_TIMEOUT), settings.duration(Key.CONNECT_TIMEOUT),
            settings.duration(Key.GC_INTERVAL)), 1);
  }
}
