package io.hodei.lifecycle;

import io.hodei.kit.Key;
import io.hodei.kit.Settings;
import io.hodei.kit.SettingsException;
import io.hodei.providers.KubernetesSite;
import java.util.LinkedHashMap;
import java.util.Map;

/// The Kubernetes provider's place, from the configuration.
final class KubernetesSites {
  private KubernetesSites() {}

  static KubernetesSite of(Settings settings, String installationId) {
    String image = settings.text(Key.KUBERNETES_AGENT_IMAGE);
    if (image.isBlank()) {
      throw new SettingsException("Expected " + Key.KUBERNETES_AGENT_IMAGE.key()
          + ", but it is not set; set it to the image that brings the agent into pods (docs/kubernetes.md says how to make it).");
    }
    String context = settings.text(Key.KUBERNETES_CONTEXT);
    try {
      return new KubernetesSite(settings.text(Key.KUBERNETES_PROVIDER_ID), installationId, context.isBlank() ? null : context,
          settings.text(Key.KUBERNETES_NAMESPACE), tenants(settings.text(Key.KUBERNETES_TENANTS)), image,
          DockerSites.pull(Key.KUBERNETES_PULL, settings.text(Key.KUBERNETES_PULL)), settings.text(Key.KUBERNETES_USER),
          settings.duration(Key.KUBERNETES_UNSCHEDULABLE));
    } catch (IllegalArgumentException e) {
      throw new SettingsException(e.getMessage() + " (one of the keys hodei.kubernetes.*)");
    }
  }

  private static Map<String, String> tenants(String text) {
    Map<String, String> namespaces = new LinkedHashMap<>();
    for (String each : text.split(",")) {
      String pair = each.strip();
      int equals = pair.indexOf('=');
      if (!pair.isEmpty() && (equals <= 0 || namespaces.put(pair.substring(0, equals).strip(), pair.substring(equals + 1).strip()) != null)) {
        throw new SettingsException("Expected tenant=namespace, each tenant once and comma separated, for " + Key.KUBERNETES_TENANTS.key() + ", but found \"" + pair + "\".");
      }
    }
    return namespaces;
  }
}
