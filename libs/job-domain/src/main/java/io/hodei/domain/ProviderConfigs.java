package io.hodei.domain;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `providerConfig` and `allow`: an object for each type of provider, and what a pool takes of them.
final class ProviderConfigs {
  private static final List<String> BUILT = List.of("docker", "kubernetes");

  private ProviderConfigs() {}

  /// Everything that is wrong with the `providerConfig` of a job, given as its JSON text, for this pool.
  static void checkJob(String config, PoolLimits pool, List<Violation> violations) {
    Map<String, Object> allowed = JsonText.object(pool.allow());
    check(JsonText.object(config), "providerConfig", pool.providers(), violations, (type, written) -> {
      if (type.equals("docker")) {
        DockerConfig.checkJob(written, "providerConfig.docker.", violations, DockerAllow.read(section(allowed, type), "", violations),
            new AllowList(pool.pool(), type, section(allowed, type)));
      } else {
        KubernetesConfig.checkJob(written, "providerConfig.kubernetes.", violations, KubernetesAllow.read(section(allowed, type), "", violations),
            new AllowList(pool.pool(), type, section(allowed, type)));
      }
    });
  }

  /// Of a pool's template, which may say whatever can be understood.
  static void checkTemplate(Map<String, ?> config, List<String> providers, String pool, List<Violation> violations) {
    check(config, "template.providerConfig", providers, violations, (type, written) -> {
      if (type.equals("docker")) {
        DockerConfig.checkTemplate(written, "template.providerConfig.docker.", violations, pool);
      } else {
        KubernetesConfig.checkTemplate(written, "template.providerConfig.kubernetes.", violations, pool);
      }
    });
  }

  static void checkAllow(Map<String, ?> allow, List<String> providers, List<Violation> violations) {
    check(allow, "allow", providers, violations, (type, written) -> {
      if (type.equals("docker")) {
        DockerAllow.read(written, "allow.docker.", violations);
      } else {
        KubernetesAllow.read(written, "allow.kubernetes.", violations);
      }
    });
  }

  @FunctionalInterface
  private interface Section {
    void check(String type, Map<String, ?> written);
  }

  private static void check(Map<String, ?> all, String path, List<String> providers, List<Violation> violations, Section section) {
    FieldReader fields = new FieldReader(path + ".", all, violations);
    for (String type : all.keySet()) {
      String where = path + "." + FieldReader.shown(type);
      if (!providers.contains(type)) {
        violations.add(new Violation(where, "unsupported", "Expected " + path + " to name providers of the pool (" + String.join(", ", providers) + "), but found \""
            + FieldReader.shown(type) + "\"; leave that out."));
      } else if (!BUILT.contains(type)) {
        violations.add(new Violation(where, "unsupported", "Expected " + path + " for a provider that takes any (" + String.join(", ", BUILT) + "), but found " + type + "; leave that out."));
      } else {
        Map<String, ?> written = fields.object(type);
        if (written != null) {
          section.check(type, written);
        }
      }
    }
  }

  /// The JSON text of what a worker of this type is made with: each field the job's, else the template's; null: nothing.
  static @Nullable String merged(@Nullable String template, @Nullable String job, String type) {
    Map<String, Object> merged = new LinkedHashMap<>(section(JsonText.object(template), type));
    merged.putAll(section(JsonText.object(job), type));
    return merged.isEmpty() ? null : CanonicalJson.of(merged);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> section(Map<String, Object> all, String type) {
    return all.get(type) instanceof Map<?, ?> found ? (Map<String, Object>) found : Map.of();
  }
}
