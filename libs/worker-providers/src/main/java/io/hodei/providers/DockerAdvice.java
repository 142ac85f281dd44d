package io.hodei.providers;

import org.jspecify.annotations.Nullable;

/// What a person can do when the engine refuses what a container is to be: by the engine's own words, and what was asked of it. Pure.
final class DockerAdvice {
  private static final String WHERE = " of the job, or of its pool's template";

  private DockerAdvice() {}

  /// Null: nothing in particular.
  ///
  /// @param network that the container was to be in
  static @Nullable String on(String said, WorkerShape shape, DockerOptions options, String network) {
    if (said.contains("network") && said.contains("not found")) {
      return "Make the network: docker network create " + network + "; or correct "
          + (options.network() == null ? "hodei.docker.network of lifecycle-service." : "providerConfig.docker.network" + WHERE + ".");
    }
    int path = said.indexOf("bind source path does not exist");
    if (path >= 0) {
      return "Make the path on the engine's machine" + after(said, path) + "; or correct providerConfig.docker.mounts" + WHERE + ".";
    }
    if (said.contains("no such volume")) {
      return "Make the volume: docker volume create NAME; or correct providerConfig.docker.mounts" + WHERE + ".";
    }
    if (said.contains("is not directory") || said.contains("not a directory")) {
      return "Name a directory as target of each of providerConfig.docker.mounts" + WHERE + ".";
    }
    if (shape.gpu() != null && (said.contains("device driver") || said.contains("gpu") || said.contains("nvidia"))) {
      return "Give the engine's machine GPUs that Docker can use (NVIDIA's container toolkit), or leave out resources.gpu" + WHERE + ".";
    }
    if (shape.cpu() != null && said.contains("CPU")) {
      return "Ask for less than the " + shape.cpu() + " CPUs in resources.cpu" + WHERE + ": the engine's machine has not so many.";
    }
    if (shape.memory() != null && said.contains("memory")) {
      return "Change the " + shape.memory() + " in resources.memory" + WHERE + " to what the engine's machine can give.";
    }
    if (!options.ulimits().isEmpty() && said.contains("rlimit")) {
      return "Lower providerConfig.docker.ulimits" + WHERE + " to what the engine itself may have (ulimit -H of its process).";
    }
    if (options.privileged() && said.contains("caps")) {
      return "Leave out providerConfig.docker.privileged" + WHERE + ": the engine's machine cannot give all capabilities itself.";
    }
    return null;
  }

  /// The rest of what the engine says from the colon on.
  private static String after(String said, int from) {
    int colon = said.indexOf(": ", from);
    return colon < 0 ? "" : ": mkdir -p " + said.substring(colon + 2).strip();
  }
}
