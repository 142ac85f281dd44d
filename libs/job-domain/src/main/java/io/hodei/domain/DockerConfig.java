package io.hodei.domain;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads `providerConfig.docker`, and notes what is wrong with it, and what of it a pool does not allow. What Docker has and this does not is refused
/// by name.
final class DockerConfig {
  static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");
  static final Pattern SIZE = Pattern.compile("\\d{1,15}(Ki|Mi|Gi|Ti|k|M|G|T)?");

  /// Ours, whatever a pool allows: workers' volumes and networks of installations begin so.
  static final String OURS = "hodei-";
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?");
  private static final Pattern ADDRESS = Pattern.compile("((25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(?!$)|$)){4}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*");
  private static final List<String> KEPT_TARGETS = List.of("/hodei", "/proc", "/sys", "/dev", "/tmp");
  private static final Set<String> NOT_BUILT = Set.of("capAdd", "capDrop", "devices", "dns", "ipc", "pid", "user", "runtime", "securityOpt", "sysctls", "tmpfs",
      "cgroupParent", "restart", "ports", "hostname", "entrypoint", "gpus");
  private static final int MOST = 64;

  /// The agent is under the job's limit as well.
  private static final int FEWEST_FILES = 128;
  /// Parts of a path.
  private static final int DEEPEST = 32;

  private final Map<String, ?> written;
  private final FieldReader fields;
  private final String path;
  private final List<Violation> violations;
  private final @Nullable DockerAllow allow;
  private final AllowList list;

  /// `allow` null: whoever has written this may do anything, since it is the pool's own template.
  private DockerConfig(Map<String, ?> written, String path, List<Violation> violations, @Nullable DockerAllow allow, AllowList list) {
    this.written = written;
    this.path = path;
    this.violations = violations;
    this.fields = new FieldReader(path, written, violations);
    this.allow = allow;
    this.list = list;
  }

  /// Of a pool's template.
  static void checkTemplate(Map<String, ?> written, String path, List<Violation> violations, String pool) {
    new DockerConfig(written, path, violations, null, new AllowList(pool, "docker", Map.of())).check();
  }

  /// Of a job.
  static void checkJob(Map<String, ?> written, String path, List<Violation> violations, DockerAllow allow, AllowList list) {
    new DockerConfig(written, path, violations, allow, list).check();
  }

  private void check() {
    if (Boolean.TRUE.equals(fields.bool("privileged"))) {
      require(allow == null || allow.privileged(), "privileged", "privileged: true");
    }
    network(fields.text("network"));
    mounts();
    fields.textMap("extraHosts").forEach(this::extraHost);
    ulimits();
    shm(fields.text("shmSize"));
    fields.textMap("labels").forEach((name, value) -> label(name));
    for (String name : written.keySet()) {
      if (NOT_BUILT.contains(name) && fields.present(name)) {
        violate(name, "not-built", "Expected no " + name + ", but found one: it is not built yet; leave it out.");
      }
    }
    fields.refuseUnknown();
  }

  private void network(@Nullable String network) {
    if (network == null) {
      return;
    }
    if (!NAME.matcher(network).matches() || network.equals("none")) {
      violate("network", "bad-value", "Expected the name of a network of the engine in which the agent reaches Hodei, but found \""
          + FieldReader.shown(network) + "\".");
    } else {
      require(allow == null || allow.networks().contains(network), "network", "networks: [" + network + "]");
    }
  }

  private void mounts() {
    List<Map<String, ?>> mounts = fields.objects("mounts", MOST);
    Set<String> targets = new HashSet<>();
    for (int i = 0; i < mounts.size(); i++) {
      mount(new FieldReader(path + "mounts[" + i + "].", mounts.get(i), violations), "mounts[" + i + "]", targets);
    }
  }

  private void mount(FieldReader mount, String where, Set<String> targets) {
    String volume = mount.text("volume");
    String host = mount.text("host");
    String target = mount.text("target");
    boolean writes = Boolean.FALSE.equals(mount.bool("readOnly"));
    mount.refuseUnknown();
    if ((volume == null) == (host == null)) {
      violate(where, "missing", "Expected either volume, the name of a volume of the engine, or host, a path of its machine, but found "
          + (volume == null ? "neither." : "both."));
      return;
    }
    if (target == null || !isPath(target) || KEPT_TARGETS.stream().anyMatch(kept -> target.equals(kept) || target.startsWith(kept + "/"))) {
      violate(where + ".target", "bad-value", "Expected an absolute path that is not / and not in " + String.join(", ", KEPT_TARGETS) + ", but found "
          + (target == null ? "none." : "\"" + FieldReader.shown(target) + "\"."));
    } else if (!targets.add(target)) {
      violate(where + ".target", "bad-value", "Expected each target once, but found " + target + " again.");
    }
    String mode = writes ? "rw" : "ro";
    if (volume != null && (!NAME.matcher(volume).matches() || volume.startsWith(OURS))) {
      violate(where + ".volume", "bad-value", "Expected the name of a volume that does not begin with " + OURS + ", but found \"" + FieldReader.shown(volume) + "\".");
    } else if (volume != null) {
      require(allow == null || allow.volume(volume, writes), where, "volumes: {" + volume + ": " + mode + "}");
    } else if (host != null && !isPath(host)) {
      violate(where + ".host", "bad-value", "Expected an absolute path without . and .. and not /, but found \"" + FieldReader.shown(host) + "\".");
    } else if (host != null) {
      require(allow == null || allow.hostPath(host, writes), where, "hostPaths: {" + host + ": " + mode + "}");
    }
  }

  private void extraHost(String name, String address) {
    String where = "extraHosts." + FieldReader.shown(name);
    if (!HOST.matcher(name).matches() || !ADDRESS.matcher(address).matches()) {
      violate(where, "bad-value", "Expected a host's name with its IP address, but found \"" + FieldReader.shown(name) + "\" with \"" + FieldReader.shown(address) + "\".");
    } else {
      require(allow == null || allow.extraHosts(), where, "extraHosts: true");
    }
  }

  private void ulimits() {
    FieldReader ulimits = fields.nested("ulimits");
    for (String name : ulimits == null ? List.<String>of() : DockerAllow.ULIMITS) {
      Integer found = ulimits.integer(name, name.equals("nofile") ? FEWEST_FILES : 0, Integer.MAX_VALUE);
      if (found != null) {
        require(allow == null || found <= allow.ulimit(name), "ulimits." + name, "ulimits: {" + name + ": " + found + "}");
      }
    }
    if (ulimits != null) {
      ulimits.refuseUnknown();
    }
  }

  private void shm(@Nullable String size) {
    if (size != null && !SIZE.matcher(size).matches()) {
      violate("shmSize", "bad-value", "Expected a size such as \"256Mi\", but found \"" + FieldReader.shown(size) + "\".");
    } else if (size != null) {
      require(allow == null || DockerAllow.bytes(size).compareTo(DockerAllow.bytes(allow.shmSize())) <= 0, "shmSize", "shmSize: " + size);
    }
  }

  private void label(String name) {
    if (name.isEmpty() || name.length() > 255 || name.startsWith("hodei.io/") || name.chars().anyMatch(c -> c <= 0x20 || c >= 0x7F)) {
      violate("labels." + FieldReader.shown(name), "bad-name", "Expected a label of 1 to 255 visible ASCII characters that does not begin with hodei.io/, but found \""
          + FieldReader.shown(name) + "\".");
    } else {
      require(allow == null || allow.label(name), "labels." + FieldReader.shown(name), "labels: [\"" + FieldReader.shown(name) + "\"]");
    }
  }

  private void require(boolean allowed, String field, String rule) {
    if (!allowed) {
      violations.add(list.refusal(path, field, rule));
    }
  }

  static boolean isPath(String path) {
    return path.length() > 1 && path.length() <= 4_096 && path.startsWith("/") && !path.endsWith("/") && path.chars().noneMatch(Character::isISOControl)
        && path.indexOf(':') < 0 && List.of(path.substring(1).split("/", -1)).stream().noneMatch(part -> part.isEmpty() || part.length() > 255 || part.equals(".") || part.equals(".."))
        && path.chars().filter(c -> c == '/').count() <= DEEPEST;
  }

  private void violate(String field, String code, String message) {
    violations.add(new Violation(path + field, code, message));
  }
}
