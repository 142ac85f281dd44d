package io.hodei.lifecycle;

import io.hodei.kit.Key;
import io.hodei.kit.Settings;
import io.hodei.providers.ProcessSite;

/// The process provider's place, from the configuration.
final class ProcessSites {
  private ProcessSites() {}

  static ProcessSite of(Settings settings, String installationId) {
    return new ProcessSite(ProviderSites.providerId("process", settings.text(Key.PROCESS_PROVIDER_ID)), installationId,
        ProviderSites.directory(settings, Key.PROCESS_WORKERS_DIR, "workers"), ProviderSites.agentDir(settings));
  }
}
