package io.hodei.domain;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads `providerConfig.kubernetes`, and notes what is wrong with it, and what of it a pool does not allow. What pods have and this does not is refused by
/// name; inside `affinity` the provider does that.
final class KubernetesConfig {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");
  private static final Pattern LOCAL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final Pattern KEY = Pattern.compile("([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?");
  private static final Pattern LABEL = Pattern.compile("([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?");
  private static final Pattern QUANTITY = Pattern.compile("\\d{1,15}(\\.\\d{1,3})?(m|Ki|Mi|Gi|Ti|k|M|G|T)?");
  /// Annotations by which clusters turn off a pod's confinement.
  private static final Pattern UNCONFINED = Pattern.compile("(seccomp\\.security\\.alpha|container\\.apparmor\\.security\\.beta)\\.kubernetes\\.io/.*");
  /// Ours, whatever a pool allows: secrets with workers' tokens begin so.
  private static final String OURS = "hodei-";
  private static final List<String> OUR_VOLUMES = List.of("agent", "work", "tmp", "token");
  private static final List<String> OUR_CONTAINERS = List.of("agent", "job", "targets");
  private static final List<String> KEPT_TARGETS = List.of("/hodei", "/proc", "/sys", "/dev", "/tmp");
  private static final List<String> PROTOCOLS = List.of("TCP", "UDP", "SCTP");
  private static final int MOST = 64;
  private static final int PORTS = 65_535;

  private final FieldReader fields;
  private final String path;
  private final List<Violation> violations;
  private final @Nullable KubernetesAllow allow;
  private final AllowList list;
  /// The declared volumes, and of each the path of the node that may only be read; empty: it may be written to.
  private final Map<String, String> volumes = new HashMap<>();

  private KubernetesConfig(Map<String, ?> written, String path, List<Violation> violations, @Nullable KubernetesAllow allow, AllowList list) {
    this.path = path;
    this.violations = violations;
    this.fields = new FieldReader(path, written, violations);
    this.allow = allow;
    this.list = list;
  }

  /// Of a pool's template, whose writer may do anything.
  static void checkTemplate(Map<String, ?> written, String path, List<Violation> violations, String pool) {
    new KubernetesConfig(written, path, violations, null, new AllowList(pool, "kubernetes", Map.of())).check();
  }

  /// Of a job.
  static void checkJob(Map<String, ?> written, String path, List<Violation> violations, KubernetesAllow allow, AllowList list) {
    new KubernetesConfig(written, path, violations, allow, list).check();
  }

  private void check() {
    fields.textMap("labels").forEach((key, value) -> label("labels.", key, value));
    fields.textMap("annotations").keySet().forEach(this::annotation);
    fields.textMap("nodeSelector").forEach((key, value) -> label("nodeSelector.", key, value));
    each(fields, path, "tolerations", this::toleration);
    fields.object("affinity");
    named("serviceAccount", KubernetesAllow::serviceAccounts, "serviceAccounts");
    List<String> pulls = fields.texts("imagePullSecrets");
    for (int i = 0; i < pulls.size(); i++) {
      secret(pulls.get(i), "imagePullSecrets[" + i + "]");
    }
    each(fields, path, "volumes", this::volume);
    each(fields, path, "volumeMounts", this::mount);
    each(fields, path, "envFrom", this::environment);
    each(fields, path, "ports", this::port);
    each(fields, path, "initContainers", this::container);
    each(fields, path, "sidecars", this::container);
    securityContext();
    named("priorityClass", KubernetesAllow::priorityClasses, "priorityClasses");
    named("runtimeClass", KubernetesAllow::runtimeClasses, "runtimeClasses");
    matches(fields.text("gpuResource"), KEY, "gpuResource", "the name of a resource such as \"nvidia.com/gpu\"");
    opening("privileged", "privileged: true", allow == null || allow.privileged());
    for (String name : List.of("hostNetwork", "hostPID", "hostIPC")) {
      opening(name, "hostNamespaces: true", allow == null || allow.hostNamespaces());
    }
    opening("serviceAccountToken", "serviceAccountToken: true", allow == null || allow.serviceAccountToken());
    fields.refuseUnknown();
  }

  private void opening(String name, String rule, boolean allowed) {
    if (Boolean.TRUE.equals(fields.bool(name))) {
      require(allowed, name, rule);
    }
  }

  @FunctionalInterface
  private interface Element {
    void check(FieldReader reader, String where);
  }

  /// Each object of the list `name`; `of` reads what is found at `at`.
  private void each(FieldReader of, String at, String name, Element element) {
    List<Map<String, ?>> found = of.objects(name, MOST);
    for (int i = 0; i < found.size(); i++) {
      String where = at.substring(path.length()) + name + "[" + i + "]";
      FieldReader reader = new FieldReader(path + where + ".", found.get(i), violations);
      element.check(reader, where);
      reader.refuseUnknown();
    }
  }

  private void label(String of, String key, String value) {
    if (!KEY.matcher(key).matches() || key.startsWith("hodei.io/") || !LABEL.matcher(value).matches()) {
      violate(of + FieldReader.shown(key), "bad-name", "Expected a label as Kubernetes has them, not beginning with hodei.io/, but found \"" + FieldReader.shown(key)
          + "\" with \"" + FieldReader.shown(value) + "\".");
    }
  }

  private void annotation(String key) {
    String where = "annotations." + FieldReader.shown(key);
    if (!KEY.matcher(key).matches() || key.startsWith("hodei.io/")) {
      violate(where, "bad-name", "Expected an annotation's name as Kubernetes has them, not beginning with hodei.io/, but found \"" + FieldReader.shown(key) + "\".");
    } else if (UNCONFINED.matcher(key).matches()) {
      require(allow == null || allow.privileged(), where, "privileged: true");
    }
  }

  private void toleration(FieldReader reader, String where) {
    for (String name : List.of("key", "operator", "value", "effect")) {
      reader.text(name);
    }
    reader.integer("tolerationSeconds", 0, Integer.MAX_VALUE);
  }

  private void volume(FieldReader reader, String where) {
    String name = reader.text("name");
    if (name == null || !LOCAL.matcher(name).matches() || OUR_VOLUMES.contains(name) || volumes.containsKey(name)) {
      violate(where + ".name", "bad-name", "Expected a name of small letters, digits and '-' that no other volume has and that is none of " + String.join(", ", OUR_VOLUMES)
          + ", but found " + (name == null ? "none." : "\"" + FieldReader.shown(name) + "\"."));
    }
    int kinds = 0;
    String readOnly = "";
    for (String kind : List.of("emptyDir", "configMap", "secret", "persistentVolumeClaim", "hostPath")) {
      FieldReader source = reader.nested(kind);
      if (source != null) {
        kinds++;
        readOnly += source(kind, source, where + "." + kind);
        source.refuseUnknown();
      }
    }
    if (kinds != 1) {
      violate(where, "missing", "Expected one of emptyDir, configMap, secret, persistentVolumeClaim and hostPath, but found " + kinds + ".");
    }
    volumes.put(String.valueOf(name), readOnly);
  }

  /// The path of the node that may only be read; empty: it may be written to.
  private String source(String kind, FieldReader source, String where) {
    switch (kind) {
      case "emptyDir" -> {
        matches(source.text("sizeLimit"), QUANTITY, where + ".sizeLimit", "a size such as \"1Gi\"");
        source.text("medium");
      }
      case "configMap" -> configMap(source.text("name"), where + ".name");
      case "secret" -> secret(source.text("secretName"), where + ".secretName");
      case "persistentVolumeClaim" -> {
        String claim = source.text("claimName");
        boolean fits = matches(claim == null ? "" : claim, NAME, where + ".claimName", "the name of a claim");
        if (fits && claim != null) {
          require(allow == null || KubernetesAllow.names(allow.volumeClaims(), claim), where, "volumeClaims: [" + claim + "]");
        }
        source.bool("readOnly");
      }
      default -> {
        return hostPath(source, where);
      }
    }
    return "";
  }

  private String hostPath(FieldReader source, String where) {
    String host = source.text("path");
    source.text("type");
    if (host == null || !DockerConfig.isPath(host)) {
      violate(where + ".path", "bad-value", "Expected an absolute path without . and .. and not /, but found " + (host == null ? "none." : "\"" + FieldReader.shown(host) + "\"."));
      return "";
    }
    require(allow == null || allow.hostPath(host, false), where, "hostPaths: {" + host + ": ro}");
    return allow == null || allow.hostPath(host, true) ? "" : host;
  }

  private void mount(FieldReader reader, String where) {
    String name = reader.text("name");
    String target = reader.text("mountPath");
    boolean reads = Boolean.TRUE.equals(reader.bool("readOnly"));
    String sub = reader.text("subPath");
    if (name == null || !volumes.containsKey(name)) {
      violate(where + ".name", "missing", "Expected the name of one of the volumes, but found " + (name == null ? "none." : "\"" + FieldReader.shown(name) + "\"."));
    } else if (!volumes.get(name).isEmpty() && !reads) {
      violations.add(list.refusal(path, where, "say readOnly: true there", "hostPaths: {" + volumes.get(name) + ": rw}"));
    }
    if (target == null || !DockerConfig.isPath(target) || KEPT_TARGETS.stream().anyMatch(kept -> target.equals(kept) || target.startsWith(kept + "/"))) {
      violate(where + ".mountPath", "bad-value", "Expected an absolute path that is not / and not in " + String.join(", ", KEPT_TARGETS) + ", but found "
          + (target == null ? "none." : "\"" + FieldReader.shown(target) + "\"."));
    }
    if (sub != null && !DockerConfig.isPath("/" + sub)) {
      violate(where + ".subPath", "bad-value", "Expected a path without . and .., but found \"" + FieldReader.shown(sub) + "\".");
    }
  }

  private void environment(FieldReader reader, String where) {
    reader.text("prefix");
    FieldReader map = reader.nested("configMapRef");
    FieldReader secret = reader.nested("secretRef");
    if ((map == null) == (secret == null)) {
      violate(where, "missing", "Expected either configMapRef or secretRef, but found " + (map == null ? "neither." : "both."));
    }
    if (map != null) {
      configMap(map.text("name"), where + ".configMapRef.name");
      map.bool("optional");
      map.refuseUnknown();
    }
    if (secret != null) {
      secret(secret.text("name"), where + ".secretRef.name");
      secret.bool("optional");
      secret.refuseUnknown();
    }
  }

  private void port(FieldReader reader, String where) {
    matches(reader.text("name"), LOCAL, where + ".name", "a name of small letters, digits and '-'");
    if (reader.integer("containerPort", 1, PORTS) == null) {
      violate(where + ".containerPort", "missing", "Expected a port from 1 to 65535, but found none.");
    }
    String protocol = reader.text("protocol");
    if (protocol != null && !PROTOCOLS.contains(protocol)) {
      violate(where + ".protocol", "bad-value", "Expected one of " + String.join(", ", PROTOCOLS) + ", but found \"" + FieldReader.shown(protocol) + "\".");
    }
    if (reader.integer("hostPort", 1, PORTS) != null) {
      require(allow == null || allow.hostNamespaces(), where + ".hostPort", "hostNamespaces: true");
    }
  }

  private void container(FieldReader reader, String where) {
    require(allow == null || allow.containers(), where, "containers: true");
    String name = reader.text("name");
    if (name == null || !LOCAL.matcher(name).matches() || OUR_CONTAINERS.contains(name)) {
      violate(where + ".name", "bad-name", "Expected a name of small letters, digits and '-' that is neither " + String.join(" nor ", OUR_CONTAINERS) + ", but found "
          + (name == null ? "none." : "\"" + FieldReader.shown(name) + "\"."));
    }
    if (reader.text("image") == null) {
      violate(where + ".image", "missing", "Expected an image, but found none.");
    }
    reader.texts("command");
    reader.texts("args");
    reader.text("workingDir");
    reader.textMap("env");
    FieldReader resources = reader.nested("resources");
    if (resources != null) {
      for (String kind : List.of("requests", "limits")) {
        resources.textMap(kind).forEach((key, amount) -> matches(amount, QUANTITY, where + ".resources." + kind + "." + FieldReader.shown(key), "an amount such as \"500m\" or \"64Mi\""));
      }
      resources.refuseUnknown();
    }
    each(reader, path + where + ".", "volumeMounts", this::mount);
    each(reader, path + where + ".", "envFrom", this::environment);
    each(reader, path + where + ".", "ports", this::port);
  }

  /// Nobody is root here, whoever asks: `privileged` is the way to that.
  private void securityContext() {
    FieldReader context = fields.nested("securityContext");
    if (context != null) {
      for (String name : List.of("runAsUser", "runAsGroup", "fsGroup")) {
        context.integer(name, 1, Integer.MAX_VALUE);
      }
      context.refuseUnknown();
    }
  }

  private void named(String field, Function<KubernetesAllow, List<String>> names, String rule) {
    String name = fields.text(field);
    if (name != null && matches(name, NAME, field, "a name as Kubernetes has them")) {
      require(allow == null || KubernetesAllow.names(names.apply(allow), name), field, rule + ": [" + name + "]");
    }
  }

  private void secret(@Nullable String name, String where) {
    if (matches(name == null ? "" : name, NAME, where, "the name of a secret") && name != null) {
      if (name.startsWith(OURS)) {
        violate(where, "bad-name", "Expected a secret whose name does not begin with " + OURS + ", but found \"" + name + "\".");
      } else {
        require(allow == null || KubernetesAllow.names(allow.secrets(), name), where, "secrets: [" + name + "]");
      }
    }
  }

  private void configMap(@Nullable String name, String where) {
    if (matches(name == null ? "" : name, NAME, where, "the name of a config map") && name != null) {
      require(allow == null || KubernetesAllow.names(allow.configMaps(), name), where, "configMaps: [" + name + "]");
    }
  }

  private boolean matches(@Nullable String text, Pattern shape, String field, String expected) {
    boolean fits = text == null || shape.matcher(text).matches();
    if (!fits) {
      violate(field, "bad-value", "Expected " + expected + ", but found " + (text.isEmpty() ? "none." : "\"" + FieldReader.shown(text) + "\"."));
    }
    return fits;
  }

  private void require(boolean allowed, String field, String rule) {
    if (!allowed) {
      violations.add(list.refusal(path, field, rule));
    }
  }

  private void violate(String field, String code, String message) {
    violations.add(new Violation(path + field, code, message));
  }
}
