package io.hodei.providers;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;

/// Pods of a cluster with nodes; the agent is a shell. Only where somebody brings a cluster: [RealCluster]. A kubelet before 1.22 takes two minutes over a pod
/// that was deleted before its volumes were mounted.
@Timeout(600)
@EnabledIf("io.hodei.providers.RealCluster#isWanted")
class KubernetesConformanceIT extends ProviderConformance {
  private static String image = "";

  @AutoClose
  private final RealCluster cluster = new RealCluster();

  @BeforeAll
  static void haveImage() throws Exception {
    image = RealCluster.image();
  }

  @Override
  WorkerProvider open(String of, Conduct conduct) {
    return new Persistent(new KubernetesProvider(new KubernetesSite("kubernetes-it", of, null, RealCluster.namespace(), Map.of(), image, DockerSite.Pull.MISSING,
        conduct == Conduct.IGNORES_THE_ASKING ? RealCluster.STUBBORN : "65532:65532", Duration.ofMinutes(5)), RealCluster.api()));
  }

  @Override
  WorkerShape shape() {
    return new WorkerShape(image, null, null, null);
  }

  @Override
  void settle(CreatedWorker worker) throws Exception {
    cluster.awaitRunning(worker.providerRef());
    super.settle(worker);
  }

  @Override
  void kill(CreatedWorker worker) throws Exception {
    cluster.kill(worker.providerRef());
  }

  @Override
  Map<String, String> marks(CreatedWorker worker) {
    return named(cluster.pod(worker.providerRef()).getMetadata().getLabels());
  }

  @Override
  String limits(CreatedWorker worker) {
    return KubernetesConformanceTest.limits(cluster.pod(worker.providerRef()));
  }

  @Override
  boolean isThere(CreatedWorker worker) {
    return cluster.isThere(worker.providerRef());
  }

  /// Orders a destruction again that took too long, as the dispatcher does.
  private record Persistent(WorkerProvider to) implements WorkerProvider {
    @Override
    public DestroyedWorker destroy(String workerId, Duration grace) throws ProviderException {
      boolean existed = false;
      for (int tries = 1; ; tries++) {
        try {
          DestroyedWorker gone = to.destroy(workerId, grace);
          return new DestroyedWorker(workerId, existed || gone.existed(), gone.goneAt());
        } catch (ProviderException e) {
          if (tries == 8 || !String.valueOf(e.getMessage()).contains("it is still there")) {
            throw e;
          }
          existed = true;
        }
      }
    }

    @Override
    public String type() {
      return to.type();
    }

    @Override
    public String providerId() {
      return to.providerId();
    }

    @Override
    public CreatedWorker create(WorkerLaunch launch) throws ProviderException {
      return to.create(launch);
    }

    @Override
    public Inventory inventory() throws ProviderException {
      return to.inventory();
    }

    @Override
    public void watch(Consumer<WorkerExit> onExit) {
      to.watch(onExit);
    }

    @Override
    public void close() {
      to.close();
    }
  }
}
