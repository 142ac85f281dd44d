package io.hodei.lifecycle;

import io.hodei.kit.Key;
import io.hodei.kit.Settings;
import io.hodei.kit.SettingsException;
import io.hodei.providers.DockerSite;
import io.hodei.providers.DockerSite.Pull;
import java.nio.file.Path;

/// The Docker provider's place, from the configuration.
final class DockerSites {
  private DockerSites() {}

  static DockerSite of(Settings settings, String installationId) {
    String host = settings.text(Key.DOCKER_HOST);
    String registryConfig = settings.text(Key.DOCKER_REGISTRY_CONFIG);
    try {
      return new DockerSite(ProviderSites.providerId("docker", settings.text(Key.DOCKER_PROVIDER_ID)), installationId, host.isBlank() ? null : host,
          ProviderSites.agentDir(settings), Path.of(System.getProperty("java.home")),
          ProviderSites.directory(settings, Key.DOCKER_BUNDLES_DIR, "agent-bundles"), settings.text(Key.DOCKER_NETWORK),
          pull(Key.DOCKER_PULL, settings.text(Key.DOCKER_PULL)), registryConfig.isBlank() ? null : Path.of(registryConfig), settings.number(Key.DOCKER_PIDS), settings.text(Key.DOCKER_USER));
    } catch (IllegalArgumentException e) {
      throw new SettingsException(e.getMessage() + " (one of the keys hodei.docker.*)");
    }
  }

  static Pull pull(Key key, String text) {
    return switch (text) {
      case "missing" -> Pull.MISSING;
      case "always" -> Pull.ALWAYS;
      case "never" -> Pull.NEVER;
      default -> throw new SettingsException("Expected missing, always or never for " + key.key() + ", but found \"" + text + "\".");
    };
  }
}
