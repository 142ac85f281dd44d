package io.hodei.providers;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells of the agents' deaths: by an informer for each namespace at once, and by a listing every ten seconds, which also sees what no event tells, such
/// as a wait that has become too long. An informer whose watch the API has ended (410 Gone, a cut line) lists again and goes on. Once each; a death
/// that was ordered is not told. One thread of its own lists; the informers have theirs; any thread may call.
final class KubernetesWatch implements AutoCloseable {
  private static final Duration LISTING = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration LATE = Duration.ofMinutes(2);
  private static final Logger LOG = LoggerFactory.getLogger(KubernetesWatch.class);

  private final KubernetesSite site;
  private final KubernetesCluster cluster;
  private final KubernetesNames names;
  /// Worker id to its pod's uid, of those that were seen alive and whose death was not told.
  private final Map<String, String> living = new ConcurrentHashMap<>();
  /// Worker id to the uid of the pod whose death was told.
  private final Map<String, String> told = new ConcurrentHashMap<>();
  /// Worker id to when its destruction was ordered, on the monotonic clock: an event may come a while after it.
  private final Map<String, Long> ordered = new ConcurrentHashMap<>();
  private final Map<String, SharedIndexInformer<Pod>> informers = new ConcurrentHashMap<>();
  private volatile @Nullable Consumer<WorkerExit> listener;
  private volatile @Nullable Thread thread;
  private volatile boolean closed;

  KubernetesWatch(KubernetesSite site, KubernetesCluster cluster, KubernetesNames names) {
    this.site = site;
    this.cluster = cluster;
    this.names = names;
  }

  void start(Consumer<WorkerExit> onExit) {
    listener = onExit;
    thread = Thread.ofPlatform().daemon().name("kubernetes-watch").start(this::run);
  }

  void started(String workerId, Pod pod) {
    ordered.remove(workerId);
    living.put(workerId, KubernetesNames.uidOf(pod));
  }

  /// From now on the death of this worker is no news.
  void ordered(String workerId) {
    ordered.put(workerId, System.nanoTime());
    living.remove(workerId);
  }

  /// Nothing is left of it.
  void forget(String workerId) {
    told.remove(workerId);
  }

  /// What there is now of a worker's pod.
  void see(Pod pod) {
    String id = KubernetesNames.workerOf(pod);
    PodEnd end = PodEnd.of(pod, Instant.now(), site.unschedulable());
    if (end != null) {
      died(id, KubernetesNames.uidOf(pod), end);
    } else if (!ordered.containsKey(id)) {
      living.putIfAbsent(id, KubernetesNames.uidOf(pod));
    }
  }

  private void run() {
    boolean quiet = false;
    while (!closed) {
      try {
        inform();
        look();
        quiet = false;
        Thread.sleep(LISTING);
      } catch (ProviderException | RuntimeException e) {
        if (!quiet && !closed) {
          LOG.warn("The workers on the cluster cannot be followed, trying again: message={}", e.getMessage());
          quiet = true;
        }
        if (!slept()) {
          return;
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private static boolean slept() {
    try {
      Thread.sleep(PAUSE);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  /// An informer for each namespace that has none, or whose has given up.
  private void inform() throws ProviderException {
    for (String namespace : site.namespaces()) {
      SharedIndexInformer<Pod> there = informers.get(namespace);
      if (there == null || !there.isRunning()) {
        if (there != null) {
          there.close();
        }
        informers.put(namespace, cluster.call("follow the workers in namespace " + namespace, ProviderException.Reason.PROVIDER_UNREACHABLE, client -> {
          SharedIndexInformer<Pod> informer = client.pods().inNamespace(namespace).withLabelSelector(names.selector()).runnableInformer(0)
              .addEventHandler(new Deaths()).exceptionHandler((started, trouble) -> !closed);
          var _ = informer.start();
          return informer;
        }));
      }
    }
  }

  /// What the events may have missed.
  private void look() throws ProviderException {
    Map<String, String> before = new HashMap<>(living);
    for (String namespace : site.namespaces()) {
      for (Pod pod : cluster.pods(namespace, names.selector())) {
        before.remove(KubernetesNames.workerOf(pod));
        see(pod);
      }
    }
    before.forEach(this::vanished);
    ordered.values().removeIf(since -> System.nanoTime() - since > LATE.toNanos());
  }

  private void vanished(String workerId, String uid) {
    if (uid.equals(living.get(workerId))) {
      died(workerId, uid, PodEnd.lost(AgentEnd.unseen("its pod is gone")));
    }
  }

  private void died(String workerId, String uid, PodEnd end) {
    Consumer<WorkerExit> to = listener;
    boolean another = !uid.equals(living.getOrDefault(workerId, uid));
    if (to == null || closed || another || ordered.containsKey(workerId) || uid.equals(told.put(workerId, uid))) {
      return;
    }
    living.remove(workerId);
    to.accept(new WorkerExit(workerId, Instant.now(), end.message(), end.reason(), end.advice()));
  }

  @Override
  public void close() {
    closed = true;
    Thread running = thread;
    if (running != null) {
      running.interrupt();
    }
    informers.values().forEach(SharedIndexInformer::close);
  }

  /// The events of one namespace, on threads of the client.
  private final class Deaths implements ResourceEventHandler<Pod> {
    @Override
    public void onAdd(Pod pod) {
      see(pod);
    }

    @Override
    public void onUpdate(Pod before, Pod now) {
      see(now);
    }

    @Override
    public void onDelete(Pod pod, boolean finalStateUnknown) {
      vanished(KubernetesNames.workerOf(pod), KubernetesNames.uidOf(pod));
    }
  }
}
