package io.hodei.domain;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a pool gives to a job that does not say otherwise: an image and resources, as far as its provider has them, and variables.
public record PoolTemplate(@Nullable String image, @Nullable Resources resources, Map<String, String> env) {
  public PoolTemplate {
    env = Map.copyOf(env);
  }

  /// The image of this job; null: neither names one.
  public @Nullable String imageOf(JobSpec spec) {
    return spec.image() != null ? spec.image() : image;
  }

  /// The resources of this job, each the job's own or else the pool's; null: none is named.
  public @Nullable Resources resourcesOf(JobSpec spec) {
    Resources own = spec.resources();
    if (own == null || resources == null) {
      return own == null ? resources : own;
    }
    return new Resources(own.cpu() != null ? own.cpu() : resources.cpu(), own.memory() != null ? own.memory() : resources.memory(),
        own.gpu() != null ? own.gpu() : resources.gpu());
  }
}
