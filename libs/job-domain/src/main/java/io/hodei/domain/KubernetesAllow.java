package io.hodei.domain;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `allow.kubernetes` of a pool: what its jobs may ask of their pods beyond the closed default. Absent means no. Names may end with `*`; `hostPaths` are exact,
/// since a link below one could lead anywhere.
record KubernetesAllow(boolean privileged, boolean hostNamespaces, boolean serviceAccountToken, boolean containers, Map<String, String> hostPaths,
    List<String> serviceAccounts, List<String> secrets, List<String> configMaps, List<String> volumeClaims, List<String> priorityClasses,
    List<String> runtimeClasses) {

  static KubernetesAllow read(Map<String, ?> written, String path, List<Violation> violations) {
    FieldReader fields = new FieldReader(path, written, violations);
    Map<String, String> hostPaths = fields.textMap("hostPaths");
    hostPaths.forEach((key, mode) -> {
      if (!DockerConfig.isPath(key) || key.contains("*")) {
        fields.violate(path + "hostPaths." + FieldReader.shown(key), "bad-value", DockerAllow.EXACT + FieldReader.shown(key) + "\".");
      }
      if (!mode.equals("ro") && !mode.equals("rw")) {
        fields.violate(path + "hostPaths." + FieldReader.shown(key), "bad-value", "Expected ro or rw, but found \"" + FieldReader.shown(mode) + "\".");
      }
    });
    KubernetesAllow allow = new KubernetesAllow(yes(fields, "privileged"), yes(fields, "hostNamespaces"), yes(fields, "serviceAccountToken"),
        yes(fields, "containers"), hostPaths, fields.texts("serviceAccounts"), fields.texts("secrets"), fields.texts("configMaps"), fields.texts("volumeClaims"),
        fields.texts("priorityClasses"), fields.texts("runtimeClasses"));
    fields.refuseUnknown();
    return allow;
  }

  private static boolean yes(FieldReader fields, String name) {
    return Boolean.TRUE.equals(fields.bool(name));
  }

  boolean hostPath(String path, boolean writes) {
    @Nullable String mode = hostPaths.get(path);
    return mode != null && (!writes || mode.equals("rw"));
  }

  static boolean names(List<String> patterns, String name) {
    return patterns.stream().anyMatch(each -> each.endsWith("*") ? name.startsWith(each.substring(0, each.length() - 1)) : name.equals(each));
  }
}
