package io.hodei.providers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the provider asks of a cluster is what `deploy/kubernetes/rbac.yaml` allows, and nothing more is allowed.
@Timeout(60)
class KubernetesRightsTest {
  private static final Path RIGHTS = Path.of("..", "..", "deploy", "kubernetes", "rbac.yaml");
  private static final Pattern REQUEST = Pattern.compile("(\\w+) /api/v1/namespaces/[^/]+/(\\w+)(/[^?/]+)?(/[^?]+)?(\\?.*)?");

  @AutoClose
  private final MockCluster cluster = new MockCluster();

  KubernetesRightsTest() throws Exception {}

  private static String right(String request) {
    Matcher parts = REQUEST.matcher(request);
    if (!parts.matches()) {
      return "not in a namespace: " + request;
    }
    boolean one = parts.group(3) != null;
    String verb = switch (parts.group(1)) {
      case "POST" -> "create";
      case "PUT" -> "update";
      case "WATCH" -> "watch";
      case "GET" -> one ? "get" : "list";
      case "DELETE" -> one ? "delete" : "deletecollection";
      default -> parts.group(1);
    };
    return parts.group(2) + (parts.group(4) == null ? "" : parts.group(4)) + " " + verb;
  }

  private static TreeSet<String> allowed() throws Exception {
    TreeSet<String> rights = new TreeSet<>();
    for (String document : Files.readString(RIGHTS).split("\n---\n")) {
      if (document.contains("\nkind: Role\n")) {
        for (PolicyRule rule : Serialization.unmarshal(document, Role.class).getRules()) {
          rule.getResources().forEach(resource -> rule.getVerbs().forEach(verb -> rights.add(resource + " " + verb)));
        }
      }
    }
    return rights;
  }

  @Test
  void theRightsAreThoseThatAreUsed() throws Exception {
    KubernetesSite site = KubernetesConformanceTest.site("it-1");
    WorkerLaunch launch = new WorkerLaunch("w1", "boxes", URI.create("http://10.0.0.1:8090"), "t", new WorkerShape("busybox", null, null, null));
    CountDownLatch told = new CountDownLatch(1);
    try (KubernetesProvider provider = new KubernetesProvider(site, cluster.api())) {
      provider.reachable();
      provider.watch(exit -> told.countDown());
      cluster.back.resource(new KubernetesPods(site, new KubernetesNames("it-1")).secret(launch, KubernetesOptions.of(launch.shape()))).create();
      CreatedWorker created = provider.create(launch);
      provider.create(launch);
      provider.inventory();
      cluster.end(cluster.pod(created.providerRef()), "Failed", 1, "Error");
      told.await(20, TimeUnit.SECONDS);
      provider.destroy("w1", Duration.ofSeconds(1));
      provider.purge();
    }
    assertEquals(allowed(), new TreeSet<>(cluster.asked().stream().map(KubernetesRightsTest::right).toList()));
  }
}
