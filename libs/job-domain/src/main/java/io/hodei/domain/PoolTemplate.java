package io.hodei.domain;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a pool gives to a job that does not say otherwise: an image and resources, as far as its provider has them, variables, and
/// the JSON text of a `providerConfig`.
public record PoolTemplate(@Nullable String image, @Nullable Resources resources, Map<String, String> env, @Nullable String providerConfig) {
  public PoolTemplate {
    env = Map.copyOf(env);
  }

  /// Without a `providerConfig`.
  public PoolTemplate(@Nullable String image, @Nullable Resources resources, Map<String, String> env) {
    this(image, resources, env, null);
  }

  /// The JSON text of what a worker of this type of provider is made with for this job; null: nothing is asked for.
  public @Nullable String providerConfigOf(JobSpec spec, String type) {
    return ProviderConfigs.merged(providerConfig, spec.providerConfig(), type);
  }

  /// What a worker of this type of provider is made of for this job, as a digest: workers of one shape are alike. Empty when nothing in
  /// particular is asked for.
  public String shapeOf(JobSpec spec, String type) {
    String image = imageOf(spec);
    Resources limits = resourcesOf(spec);
    String config = providerConfigOf(spec, type);
    if (image == null && limits == null && config == null) {
      return "";
    }
    Map<String, Object> parts = Map.of("image", String.valueOf(image), "resources", String.valueOf(limits), "config", String.valueOf(config));
    return HexFormat.of().formatHex(RequestHash.sha256(CanonicalJson.of(parts).getBytes(StandardCharsets.UTF_8)), 0, 8);
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
