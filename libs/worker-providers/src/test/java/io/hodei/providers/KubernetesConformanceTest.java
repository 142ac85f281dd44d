package io.hodei.providers;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;

/// Pods of a mock API server; the agents are their status.
class KubernetesConformanceTest extends ProviderConformance {
  @AutoClose
  private final MockCluster cluster = new MockCluster();

  KubernetesConformanceTest() throws Exception {}

  static KubernetesSite site(String installation) {
    return new KubernetesSite("kubernetes-it", installation, null, "jobs", Map.of("a", "jobs-of-a"), "hodei-agent:1", DockerSite.Pull.MISSING, "65532:65532",
        Duration.ofSeconds(2));
  }

  @Override
  WorkerProvider open(String of, Conduct conduct) {
    if (conduct == Conduct.IGNORES_THE_ASKING) {
      cluster.stubborn.put(of, true);
    }
    return new KubernetesProvider(site(of), cluster.api());
  }

  @Override
  WorkerShape shape() {
    return new WorkerShape("busybox", null, null, null);
  }

  @Override
  void kill(CreatedWorker worker) {
    cluster.end(cluster.pod(worker.providerRef()), "Failed", 137, "Error");
  }

  @Override
  boolean isThere(CreatedWorker worker) {
    return cluster.pod(worker.providerRef()) != null;
  }
}
