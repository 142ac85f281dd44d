package io.hodei.providers;

import io.fabric8.kubernetes.api.model.Pod;
import io.hodei.providers.ProviderException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Removes all that carries a worker's labels, in every namespace that it could be in, and looks until there is nothing. Runs on the caller's thread.
///
/// Never takes a pod from the API before its node has said that nothing of it runs: by removing it, or by a status in which every container has ended.
/// After such a status it does not wait for the node to tidy up, which an old one does every ten seconds.
final class KubernetesRemoval {
  private static final Duration GONE_WITHIN = Duration.ofSeconds(30);
  private static final long FIRST_LOOK_MS = 20;
  private static final long LONGEST_LOOK_MS = 250;
  /// The shortest that a node confirms; with none at all the API forgets the pod while it may still run.
  private static final long SHORTEST_GRACE_SECONDS = 1;
  private static final long LONGEST_GRACE_SECONDS = 600;

  private final KubernetesCluster cluster;
  private final KubernetesSite site;
  private final KubernetesNames names;
  private final String workerId;

  KubernetesRemoval(KubernetesCluster cluster, KubernetesSite site, KubernetesNames names, String workerId) {
    this.cluster = cluster;
    this.site = site;
    this.names = names;
    this.workerId = workerId;
  }

  /// Returns when a look has found nothing; answers whether there was something. `grace`: between the polite and the forced kill.
  boolean run(Duration grace) throws ProviderException {
    long seconds = Math.clamp(grace.plusMillis(999).toSeconds(), SHORTEST_GRACE_SECONDS, LONGEST_GRACE_SECONDS);
    List<Pod> left = pods(site.namespaces());
    boolean existed = !left.isEmpty();
    for (Pod pod : left) {
      remove(pod, PodEnd.hasEnded(pod) ? 0 : seconds);
    }
    existed |= removeSecrets();
    long deadline = System.nanoTime() + GONE_WITHIN.plusSeconds(seconds).toNanos();
    long pause = FIRST_LOOK_MS;
    while (!left.isEmpty()) {
      left = pods(left.stream().map(pod -> pod.getMetadata().getNamespace()).collect(Collectors.toSet()));
      for (Pod pod : left) {
        if (PodEnd.hasEnded(pod)) {
          remove(pod, 0);
        }
      }
      if (!left.isEmpty()) {
        if (System.nanoTime() > deadline) {
          throw overdue(left.getFirst(), seconds);
        }
        pause(pause);
        pause = Math.min(LONGEST_LOOK_MS, pause * 2);
      }
    }
    return existed;
  }

  private ProviderException overdue(Pod pod, long seconds) {
    String node = pod.getSpec() == null || pod.getSpec().getNodeName() == null ? "no node" : "node " + pod.getSpec().getNodeName();
    return new ProviderException(Reason.DESTROY_FAILED, "Expected pod " + KubernetesNames.referenceOf(pod) + " gone within "
        + GONE_WITHIN.plusSeconds(seconds).toSeconds() + " s, but it is still there on " + node + "; see whether that node is ready, and when it is gone for good: kubectl delete node");
  }

  private List<Pod> pods(Set<String> namespaces) throws ProviderException {
    List<Pod> found = new ArrayList<>();
    for (String namespace : namespaces) {
      for (Pod pod : cluster.pods(namespace, names.selector(workerId))) {
        if (KubernetesNames.workerOf(pod).equals(workerId)) {
          found.add(pod);
        }
      }
    }
    return found;
  }

  private void remove(Pod pod, long seconds) throws ProviderException {
    cluster.call("destroy worker " + workerId, Reason.DESTROY_FAILED,
        client -> client.pods().inNamespace(pod.getMetadata().getNamespace()).withName(pod.getMetadata().getName()).withGracePeriod(seconds).delete());
  }

  private boolean removeSecrets() throws ProviderException {
    boolean existed = false;
    for (String namespace : site.namespaces()) {
      existed |= cluster.call("destroy the token of worker " + workerId, Reason.DESTROY_FAILED,
          client -> !client.secrets().inNamespace(namespace).withName(names.secret(workerId)).delete().isEmpty());
    }
    return existed;
  }

  private static void pause(long ms) throws ProviderException {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProviderException(Reason.DESTROY_FAILED, "Interrupted while a pod was removed", e);
    }
  }
}
