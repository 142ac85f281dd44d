package io.hodei.providers;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where and whose the container workers are. `host`: the engine, `unix:///…` or `tcp://…`; null: the one that is found. `agentDir`: the agent's
/// jars and flags. `javaHome`: the JDK that its runtime is cut from. `bundlesDir`: where what goes into containers is kept, by content.
/// `network`: a network of the engine. `registryConfig`: logins for registries; null: those of this process' user. `pidsLimit`: processes and threads of a worker, its agent's among them. `user`: `uid:gid` of everything
/// in a container.
public record DockerSite(String providerId, String installationId, @Nullable String host, Path agentDir, Path javaHome, Path bundlesDir,
    String network, Pull pull, @Nullable Path registryConfig, long pidsLimit, String user) {
  /// When an image is fetched from its registry.
  public enum Pull { MISSING, ALWAYS, NEVER }

  public DockerSite {
    if (installationId.isBlank()) {
      throw new IllegalArgumentException("Expected an installation id, but found a blank one");
    }
    ContainerUser.of(user);
  }

  int uid() {
    return ContainerUser.of(user).uid();
  }

  int gid() {
    return ContainerUser.of(user).gid();
  }
}
