package io.hodei.dispatcher;

import io.hodei.domain.PoolPolicy;
import io.hodei.domain.PoolTemplate;
import io.hodei.domain.PoolTimes;
import io.hodei.domain.WorkerMode;
import io.hodei.kit.Key;
import io.hodei.kit.Settings;
import io.hodei.kit.SettingsException;
import io.hodei.kit.Slots;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Pool `default` as the configuration has it: what it is until somebody sets it.
final class DefaultPool {
  private DefaultPool() {}

  static PoolPolicy of(Settings settings) {
    String provider = settings.text(Key.PROVIDER);
    if (!List.of("process", "docker", "kubernetes").contains(provider)) {
      throw new SettingsException("Expected process, docker or kubernetes for " + Key.PROVIDER.key() + ", but found \"" + provider + "\".");
    }
    String image = settings.text(Key.DEFAULT_IMAGE);
    if (!image.isBlank() && provider.equals("process")) {
      throw new SettingsException("Expected no " + Key.DEFAULT_IMAGE.key() + " while " + Key.PROVIDER.key() + " is process, which runs no images, but found \""
          + image + "\"; remove one of the two.");
    }
    Slots slots = Slots.of(settings);
    PoolTimes usual = PoolTimes.of(provider);
    PoolTemplate template = new PoolTemplate(image.isBlank() ? null : image, null, Map.of());
    return new PoolPolicy("default", List.of(provider), WorkerMode.EPHEMERAL, slots.maxWorkers(), slots.maxCreating(), 0, true, true, false, template,
        new PoolTimes(given(settings, Key.MAX_LIFETIME, usual.maxLifetime()), settings.duration(Key.MAX_JOB_TIMEOUT), usual.ttlAfterCompletion(),
            usual.idleTimeout(), given(settings, Key.GRACEFUL_TERMINATION, usual.gracefulTermination()),
            given(settings, Key.CREATE_TIMEOUT, usual.createTimeout()), given(settings, Key.CONNECT_TIMEOUT, usual.connectTimeout()), settings.duration(Key.GC_INTERVAL)), 1);
  }

  private static Duration given(Settings settings, Key key, Duration usual) {
    return settings.isGiven(key) ? settings.duration(key) : usual;
  }
}
