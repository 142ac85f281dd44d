package io.hodei.providers;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.hodei.providers.ProviderException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Workers as pods of a cluster: a worker is one pod, `hodei-<worker id>`, and the secret with its token, which the pod owns. The image is the job's own
/// and need contain nothing of ours.
///
/// Any thread; calls for one worker id must not overlap. A worker exists as soon as the cluster has taken its pod: that no node is found for it, or that its
/// image cannot be fetched, is told by the watch. Found again by label in every namespace that it could be in, never by memory, so workers survive
/// this provider, and closing it leaves them alone.
public final class KubernetesProvider implements WorkerProvider {
  private final KubernetesSite site;
  private final KubernetesCluster cluster;
  private final KubernetesNames names;
  private final KubernetesPods pods;
  private final KubernetesWatch watch;

  public KubernetesProvider(KubernetesSite site) {
    this(site, new KubernetesCluster(site.context()));
  }

  KubernetesProvider(KubernetesSite site, KubernetesCluster cluster) {
    this.site = site;
    this.cluster = cluster;
    this.names = new KubernetesNames(site.installationId());
    this.pods = new KubernetesPods(site, names);
    this.watch = new KubernetesWatch(site, cluster, names);
  }

  @Override
  public String type() {
    return "kubernetes";
  }

  @Override
  public String providerId() {
    return site.providerId();
  }

  @Override
  public boolean reachable() {
    return cluster.answers(site.namespace(), names.selector());
  }

  @Override
  public CreatedWorker create(WorkerLaunch launch) throws ProviderException {
    String id = requireSafe(launch.workerId(), Reason.PROVISION_FAILED);
    String image = launch.shape().image();
    if (image == null) {
      throw new ProviderException(Reason.IMAGE_ERROR, "Expected an image for worker " + id + ", but neither the job nor pool " + launch.pool()
          + " names one; give the job an image, or the pool's template", "Give the job an image (--image), or its pool's template.", null);
    }
    KubernetesOptions options = KubernetesOptions.of(launch.shape());
    Pod wanted = pods.pod(launch, image, options);
    Secret token = pods.secret(launch, options);
    return cluster.call("create worker " + id + " of image " + image, Reason.PROVISION_FAILED, client -> {
      Secret brought = made(client, token);
      if (brought == null) {
        // Somebody was here before: with a pod it is the worker's token, without one nobody's.
        Pod there = find(client, wanted);
        if (there != null) {
          return adopted(id, there);
        }
        remove(client, token);
        brought = client.resource(token).create();
      }
      return started(client, id, wanted, brought);
    });
  }

  /// `token`: as the cluster has it, so that it can be written again without being read.
  private CreatedWorker started(KubernetesClient client, String id, Pod wanted, Secret token) throws ProviderException {
    CreatedWorker created;
    Pod pod;
    try {
      pod = client.resource(wanted).create();
      watch.started(id, pod);
      created = new CreatedWorker(id, KubernetesNames.referenceOf(pod), false);
    } catch (KubernetesClientException e) {
      Pod there = e.getCode() == KubernetesCluster.CONFLICT ? find(client, wanted) : null;
      if (KubernetesCluster.refuses(e) && (there == null || !names.isOurs(there))) {
        remove(client, token);
      }
      if (there == null) {
        throw e;
      }
      // Ours of an answer that was lost, and it waits for this very secret.
      created = adopted(id, there);
      pod = there;
    }
    client.resource(KubernetesPods.ownedBy(pod, token)).update();
    return created;
  }

  /// Null: there is one of that name.
  private static @Nullable Secret made(KubernetesClient client, Secret token) {
    try {
      return client.resource(token).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() == KubernetesCluster.CONFLICT) {
        return null;
      }
      throw e;
    }
  }

  private static boolean remove(KubernetesClient client, Secret token) {
    return !client.resource(token).delete().isEmpty();
  }

  private static @Nullable Pod find(KubernetesClient client, Pod wanted) {
    return client.pods().inNamespace(wanted.getMetadata().getNamespace()).withName(wanted.getMetadata().getName()).get();
  }

  /// What there is under this worker's name.
  private CreatedWorker adopted(String id, Pod there) throws ProviderException {
    if (!names.isOurs(there)) {
      throw new ProviderException(Reason.PROVISION_FAILED, "Expected the name " + there.getMetadata().getName() + " to be free in namespace "
          + there.getMetadata().getNamespace() + ", but a pod that is not ours has it; remove or rename that one");
    }
    if (there.getMetadata().getDeletionTimestamp() != null) {
      throw new ProviderException(Reason.PROVISION_FAILED, "Expected the name " + there.getMetadata().getName() + " to be free in namespace "
          + there.getMetadata().getNamespace() + ", but a pod that is being removed has it; retry the job");
    }
    watch.started(id, there);
    watch.see(there);
    return new CreatedWorker(id, KubernetesNames.referenceOf(there), true);
  }

  @Override
  public DestroyedWorker destroy(String workerId, Duration grace) throws ProviderException {
    String id = requireSafe(workerId, Reason.DESTROY_FAILED);
    watch.ordered(id);
    boolean existed = new KubernetesRemoval(cluster, site, names, id).run(grace);
    watch.forget(id);
    return new DestroyedWorker(id, existed, Instant.now());
  }

  @Override
  public Inventory inventory() throws ProviderException {
    Instant startedAt = Instant.now();
    List<WorkerItem> items = new ArrayList<>();
    for (String namespace : site.namespaces()) {
      for (Pod pod : cluster.pods(namespace, names.selector())) {
        items.add(item(pod));
      }
    }
    return new Inventory(providerId(), startedAt, Instant.now(), items);
  }

  private static WorkerItem item(Pod pod) {
    String created = pod.getMetadata().getCreationTimestamp();
    String phase = pod.getStatus() == null || pod.getStatus().getPhase() == null ? "Pending" : pod.getStatus().getPhase();
    String node = pod.getSpec() == null || pod.getSpec().getNodeName() == null ? "" : ", node " + pod.getSpec().getNodeName();
    boolean leaving = pod.getMetadata().getDeletionTimestamp() != null;
    return new WorkerItem(KubernetesNames.workerOf(pod), KubernetesNames.referenceOf(pod), created == null ? null : Instant.parse(created),
        !PodEnd.isDead(pod), "pod " + phase + (leaving ? ", being removed" : "") + node);
  }

  @Override
  public void watch(Consumer<WorkerExit> onExit) {
    watch.start(onExit);
  }

  @Override
  public void close() {
    watch.close();
    cluster.close();
  }

  /// What the process and Docker providers take, as far as it can be a label.
  private static String requireSafe(String workerId, Reason reason) throws ProviderException {
    if (!WorkerMark.safe(workerId) || !KubernetesSite.isLabel(workerId)) {
      throw new ProviderException(reason, "Expected a worker id of 1 to 63 letters, digits, '.', '_' and '-', the first and last a letter or digit, but found '"
          + workerId.replaceAll("[^A-Za-z0-9._/-]", "?") + "'");
    }
    return workerId;
  }
}
