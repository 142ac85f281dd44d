package io.hodei.providers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/// What engines say, and what helps then.
class DockerAdviceTest {
  private static String on(String said, WorkerShape shape) throws ProviderException {
    return String.valueOf(DockerAdvice.on(said, shape, DockerOptions.of(shape), "bridge"));
  }

  private static WorkerShape asking(String config) {
    return new WorkerShape("x", null, null, null, config);
  }

  @Test
  void whatWasRefusedIsWhatHelps() throws ProviderException {
    assertTrue(on("network bridge not found", WorkerShape.NONE).endsWith("or correct hodei.docker.network of lifecycle-service."));
    assertTrue(on("Minimum memory limit allowed is 6MB", new WorkerShape("x", null, "1Mi", null)).startsWith("Change the 1Mi in resources.memory"));
    assertTrue(on("error setting rlimit type 7: operation not permitted", asking("{\"ulimits\":{\"nofile\":9999999}}")).startsWith("Lower providerConfig.docker.ulimits"));
    assertTrue(on("unable to apply caps: operation not permitted", asking("{\"privileged\":true}")).startsWith("Leave out providerConfig.docker.privileged"));
    assertTrue(on("source /var/lib/docker/x/merged/bin/sh is not directory", WorkerShape.NONE).startsWith("Name a directory as target"));
    assertEquals("Make the path on the engine's machine: mkdir -p /srv/x; or correct providerConfig.docker.mounts of the job, or of its pool's template.",
        on("invalid mount config for type \"bind\": bind source path does not exist: /srv/x", WorkerShape.NONE));
  }

  @Test
  void whatNobodyAskedForIsNotBlamed() throws ProviderException {
    assertNull(DockerAdvice.on("cannot allocate memory, CPU or rlimit", WorkerShape.NONE, DockerOptions.of(WorkerShape.NONE), "bridge"));
  }
}
