package io.hodei.providers;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;

/// Pods of a mock API server; the agents are their status.
class KubernetesConformanceTest extends EngineConformance {
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
  void cut() {
    cluster.down();
  }

  /// What was cut is not to be had again from where it was.
  @Override
  void mend() throws IOException {
    cluster.gone.set(1);
    cluster.up();
  }

  @Override
  void take(CreatedWorker worker) {
    cluster.back.resource(cluster.pod(worker.providerRef())).delete();
  }

  @Override
  Map<String, String> marks(CreatedWorker worker) {
    return named(cluster.pod(worker.providerRef()).getMetadata().getLabels());
  }

  @Override
  String limits(CreatedWorker worker) {
    return limits(cluster.pod(worker.providerRef()));
  }

  /// As Docker has them. Without any it is the text `none`.
  static String limits(Pod pod) {
    ResourceRequirements resources = pod.getSpec().getContainers().getFirst().getResources();
    return resources == null || resources.getLimits() == null || resources.getLimits().isEmpty() ? "none"
        : resources.getLimits().get("cpu").getNumericalAmount().movePointRight(9).toBigInteger() + " " + resources.getLimits().get("memory").getNumericalAmount().toBigInteger();
  }

  @Override
  boolean isThere(CreatedWorker worker) {
    return cluster.pod(worker.providerRef()) != null;
  }
}
