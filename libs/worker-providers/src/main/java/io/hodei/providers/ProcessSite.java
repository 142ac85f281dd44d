package io.hodei.providers;

import java.nio.file.Path;

/// Where and whose the process workers are. `workersDir`: a directory of this provider's own. `agentDir`: the agent's
/// jars and flags. `java`: the executable for agents.
public record ProcessSite(String providerId, String installationId, Path workersDir, Path agentDir, Path java) {
  public ProcessSite {
    if (workersDir.toString().lines().count() != 1) {
      throw new IllegalArgumentException("Expected a directory for workers whose name is one line, but found " + workersDir);
    }
    if (installationId.isBlank() || installationId.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("Expected an installation id, but found a blank one");
    }
  }

  /// With the JVM that runs this.
  public ProcessSite(String providerId, String installationId, Path workersDir, Path agentDir) {
    this(providerId, installationId, workersDir, agentDir, Path.of(System.getProperty("java.home"), "bin", "java"));
  }
}
