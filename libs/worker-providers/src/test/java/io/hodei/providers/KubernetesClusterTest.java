package io.hodei.providers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.hodei.providers.ProviderException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubernetesClusterTest {
  private static final String KUBECONFIG = "kubeconfig";

  @TempDir
  private Path folder = Path.of("set by JUnit");

  @AfterEach
  void forget() {
    System.clearProperty(KUBECONFIG);
  }

  @Test
  void withoutAKubeconfigItSaysWhatToBring() {
    System.setProperty(KUBECONFIG, folder.resolve("nothing").toString());
    try (KubernetesCluster cluster = new KubernetesCluster("")) {
      ProviderException missing = assertThrows(ProviderException.class, cluster::describe);
      assertEquals(Reason.PROVIDER_UNREACHABLE, missing.reason());
      assertTrue(String.valueOf(missing.getMessage()).contains("kubeconfig"), missing.getMessage());
    }
  }

  @Test
  void theContextThatIsNamedIsTakenAndOneThatIsMissingIsNamed() throws Exception {
    System.setProperty(KUBECONFIG, Files.writeString(folder.resolve("config"), """
        apiVersion: v1
        kind: Config
        current-context: one
        clusters: [{name: one, cluster: {server: "http://127.0.0.1:1"}}, {name: two, cluster: {server: "http://127.0.0.1:2"}}]
        users: [{name: me, user: {token: x}}]
        contexts: [{name: one, context: {cluster: one, user: me}}, {name: two, context: {cluster: two, user: me}}]
        """).toString());
    try (KubernetesCluster current = new KubernetesCluster((String) null); KubernetesCluster named = new KubernetesCluster("two");
        KubernetesCluster missing = new KubernetesCluster("three")) {
      assertEquals("http://127.0.0.1:1/", current.address());
      assertEquals("http://127.0.0.1:2/", named.address());
      assertTrue(String.valueOf(assertThrows(ProviderException.class, missing::address).getMessage()).contains("context three"));
      assertEquals(Reason.PROVIDER_UNREACHABLE, assertThrows(ProviderException.class, named::describe).reason());
    }
  }

  @Test
  void aNamespaceThatIsMissingIsNamed() throws Exception {
    try (MockCluster mock = new MockCluster(); KubernetesCluster cluster = mock.api()) {
      assertTrue(String.valueOf(assertThrows(ProviderException.class, () -> cluster.check("jobs")).getMessage()).contains("kubectl create namespace jobs"));
      mock.back.resource(new NamespaceBuilder().withNewMetadata().withName("jobs").endMetadata().build()).create();
      cluster.check("jobs");
    }
  }
}
