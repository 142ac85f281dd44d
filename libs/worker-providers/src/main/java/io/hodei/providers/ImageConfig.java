package io.hodei.providers;

import com.github.dockerjava.api.model.ContainerConfig;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What of an image counts for a worker: the environment that it gives to what runs in it, as NAME=VALUE, and the paths that it declares as VOLUME.
record ImageConfig(List<String> environment, Set<String> volumes) {
  static ImageConfig of(@Nullable ContainerConfig config) {
    String[] environment = config == null ? null : config.getEnv();
    return new ImageConfig(environment == null ? List.of() : List.of(environment), config == null || config.getVolumes() == null ? Set.of() : config.getVolumes().keySet());
  }
}
