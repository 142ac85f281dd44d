package io.hodei.providers;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where and whose the workers of a cluster are. `context`: of the kubeconfig; null: its current one, or the cluster that this runs in.
/// `namespace`: of the tenants that have none in `tenantNamespaces`. `agentImage`: brings the agent into every pod. `user`: `uid:gid` of everything
/// in a pod. `unschedulable`: for how long a pod may wait for a node.
public record KubernetesSite(String providerId, String installationId, @Nullable String context, String namespace, Map<String, String> tenantNamespaces,
    String agentImage, DockerSite.Pull pull, String user, Duration unschedulable) {
  private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  public KubernetesSite {
    tenantNamespaces = Map.copyOf(tenantNamespaces);
    if (!isLabel(installationId)) {
      throw new IllegalArgumentException("Expected an installation id of 1 to 63 letters, digits, '.', '_' and '-', but found \"" + installationId + "\"");
    }
    ContainerUser.of(user);
    for (String each : namespaces(namespace, tenantNamespaces)) {
      if (!NAMESPACE.matcher(each).matches()) {
        throw new IllegalArgumentException("Expected a namespace of 1 to 63 small letters, digits and '-', but found \"" + each + "\"");
      }
    }
  }

  /// Whether the cluster takes this as a label's value.
  static boolean isLabel(String text) {
    return LABEL.matcher(text).matches();
  }

  String namespaceOf(String tenant) {
    return tenantNamespaces.getOrDefault(tenant, namespace);
  }

  /// All in which there may be something of ours, each once.
  Set<String> namespaces() {
    return namespaces(namespace, tenantNamespaces);
  }

  private static Set<String> namespaces(String namespace, Map<String, String> tenants) {
    Set<String> all = new LinkedHashSet<>(Set.of(namespace));
    tenants.values().stream().sorted().forEach(all::add);
    return all;
  }
}
