package io.hodei.domain;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `allow.docker` of a pool: what its jobs may ask for beyond the closed default. Absent means no. Names of volumes and labels may end with `*`;
/// `hostPaths` are exact, since a link below one could lead anywhere. `ulimits` and `shmSize` are the most that is allowed.
record DockerAllow(boolean privileged, Map<String, String> hostPaths, Map<String, String> volumes, List<String> networks, boolean extraHosts,
    Map<String, Integer> ulimits, String shmSize, List<String> labels) {
  static final String EXACT = "Expected exactly the absolute path that may be mounted, without * and without . and .., but found \"";
  static final DockerAllow NOTHING = new DockerAllow(false, Map.of(), Map.of(), List.of(), false, Map.of(), "0", List.of());
  static final List<String> ULIMITS = List.of("core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio",
      "rttime", "sigpending", "stack");
  private static final Map<String, Long> UNITS = Map.of("Ki", 1L << 10, "Mi", 1L << 20, "Gi", 1L << 30, "Ti", 1L << 40,
      "k", 1_000L, "M", 1_000_000L, "G", 1_000_000_000L, "T", 1_000_000_000_000L);

  static DockerAllow read(Map<String, ?> written, String path, List<Violation> violations) {
    FieldReader fields = new FieldReader(path, written, violations);
    boolean privileged = Boolean.TRUE.equals(fields.bool("privileged"));
    Map<String, String> hostPaths = modes(fields, path, "hostPaths");
    for (String each : hostPaths.keySet()) {
      if (!DockerConfig.isPath(each) || each.contains("*")) {
        fields.violate(path + "hostPaths." + FieldReader.shown(each), "bad-value", EXACT + FieldReader.shown(each) + "\".");
      }
    }
    Map<String, String> volumes = modes(fields, path, "volumes");
    List<String> networks = fields.texts("networks");
    boolean extraHosts = Boolean.TRUE.equals(fields.bool("extraHosts"));
    Map<String, Integer> ulimits = new LinkedHashMap<>();
    FieldReader limits = fields.nested("ulimits");
    if (limits != null) {
      for (String name : ULIMITS) {
        Integer most = limits.integer(name, 0, Integer.MAX_VALUE);
        if (most != null) {
          ulimits.put(name, most);
        }
      }
      limits.refuseUnknown();
    }
    String shm = fields.text("shmSize");
    if (shm != null && !DockerConfig.SIZE.matcher(shm).matches()) {
      fields.violate(path + "shmSize", "bad-value", "Expected a size such as \"1Gi\", but found \"" + FieldReader.shown(shm) + "\".");
      shm = null;
    }
    List<String> labels = fields.texts("labels");
    fields.refuseUnknown();
    return new DockerAllow(privileged, hostPaths, volumes, networks, extraHosts, ulimits, shm == null ? "0" : shm, labels);
  }

  private static Map<String, String> modes(FieldReader fields, String path, String name) {
    Map<String, String> found = fields.textMap(name);
    found.forEach((key, mode) -> {
      if (!mode.equals("ro") && !mode.equals("rw")) {
        fields.violate(path + name + "." + FieldReader.shown(key), "bad-value", "Expected ro or rw, but found \"" + FieldReader.shown(mode) + "\".");
      }
    });
    return found;
  }

  boolean hostPath(String path, boolean writes) {
    return permits(hostPaths.get(path), writes);
  }

  boolean volume(String name, boolean writes) {
    return volumes.entrySet().stream().anyMatch(each -> matches(each.getKey(), name) && permits(each.getValue(), writes));
  }

  boolean label(String name) {
    return labels.stream().anyMatch(each -> matches(each, name));
  }

  /// The most; below 0: none.
  int ulimit(String name) {
    return ulimits.getOrDefault(name, -1);
  }

  /// Of a size as it is written.
  static BigInteger bytes(String size) {
    String digits = size.replaceAll("\\D", "");
    return new BigInteger(digits).multiply(BigInteger.valueOf(UNITS.getOrDefault(size.substring(digits.length()), 1L)));
  }

  private static boolean permits(@Nullable String mode, boolean writes) {
    return mode != null && (!writes || mode.equals("rw"));
  }

  private static boolean matches(String pattern, String name) {
    return pattern.endsWith("*") ? name.startsWith(pattern.substring(0, pattern.length() - 1)) : name.equals(pattern);
  }
}
