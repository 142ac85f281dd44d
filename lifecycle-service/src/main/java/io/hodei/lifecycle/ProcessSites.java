package io.hodei.lifecycle;

import io.hodei.kit.Key;
import io.hodei.kit.Settings;
import io.hodei.kit.SettingsException;
import io.hodei.providers.ProcessSite;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;

/// The process provider's place, from the configuration.
final class ProcessSites {

  private ProcessSites() {}

  static ProcessSite of(Settings settings, String installationId) {
    return new ProcessSite(providerId(settings), installationId, workersDir(settings), agentDir(settings));
  }

  private static String providerId(Settings settings) {
    String configured = settings.text(Key.PROCESS_PROVIDER_ID);
    return configured.isBlank() ? "process-" + hostName() : configured;
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9._-]", "-");
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  private static Path workersDir(Settings settings) {
    String configured = settings.text(Key.PROCESS_WORKERS_DIR);
    if (!configured.isBlank()) {
      return Path.of(configured);
    }
    String data = settings.text(Key.DATA_DIR);
    if (data.isBlank()) {
      throw new SettingsException("Expected " + Key.PROCESS_WORKERS_DIR.key() + " or " + Key.DATA_DIR.key()
          + ", but neither is set; set one to a directory of this service.");
    }
    return Path.of(data, "workers");
  }

  private static Path agentDir(Settings settings) {
    String configured = settings.text(Key.PROCESS_AGENT_DIR);
    if (configured.isBlank()) {
      throw new SettingsException("Expected " + Key.PROCESS_AGENT_DIR.key()
          + ", but it is not set; set it to the directory with the agent's lib, agent.flags and agent.aot.");
    }
    return Path.of(configured);
  }
}
