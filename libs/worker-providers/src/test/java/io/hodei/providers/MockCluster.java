package io.hodei.providers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A Kubernetes API for tests: the mock server in CRUD mode, with pages, and a node that behaves as one as far as a pod's status tells: what is
/// created runs, what is deleted is told to end and is gone when it has, or when its grace is over. A test looks and edits by `back`, which is there also while the API
/// is down.
final class MockCluster implements AutoCloseable {
  /// Kept, since a logger that nobody holds forgets its level.
  private static final Logger CHATTER = Logger.getLogger("io.fabric8.mockwebserver");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern POD = Pattern.compile("/api/v1/namespaces/([^/]+)/pods/([^/?]+)(\\?.*)?");
  private static final Pattern PODS = Pattern.compile("/api/v1/namespaces/([^/]+)/pods(\\?.*)?");
  private static final Pattern GRACE = Pattern.compile("\"gracePeriodSeconds\"\\s*:\\s*(\\d+)");

  final KubernetesClient back;
  final Queue<String> requests = new ConcurrentLinkedQueue<>();
  /// Installations whose agents end only when they are forced.
  final Map<String, Boolean> stubborn = new ConcurrentHashMap<>();
  /// So many next watches are answered 410 Gone.
  final AtomicInteger gone = new AtomicInteger();
  /// So many next pods are made without an answer that says so.
  final AtomicInteger lost = new AtomicInteger();
  volatile boolean startsPods = true;
  /// False: its node tells the end of a pod that is removed, and does not get round to removing it.
  volatile boolean tidies = true;
  volatile int pageSize = 500;

  private final Queue<Long> graces = new ConcurrentLinkedQueue<>();
  private final KubernetesCrudDispatcher state = new KubernetesCrudDispatcher();
  private final ScheduledExecutorService node = Executors.newScheduledThreadPool(4, Thread.ofPlatform().daemon().factory());
  private final KubernetesMockServer backstage;
  private KubernetesMockServer front;
  private final int port;

  MockCluster() throws IOException {
    CHATTER.setLevel(Level.WARNING);
    backstage = server(state, 0);
    back = backstage.createClient();
    front = server(new Api(), 0);
    port = front.getPort();
  }

  private static KubernetesMockServer server(Dispatcher dispatcher, int port) throws IOException {
    KubernetesMockServer server = new KubernetesMockServer(new Context(), new MockWebServer(), new HashMap<>(), dispatcher, false);
    server.start(InetAddress.getLoopbackAddress(), port);
    return server;
  }

  KubernetesCluster api() {
    return new KubernetesCluster(() -> {
      Config config = Config.empty();
      config.setMasterUrl("http://" + front.getHostName() + ":" + port);
      return config;
    });
  }

  /// Nothing answers, and all that followed it is cut off.
  void down() {
    front.shutdown();
  }

  void up() throws IOException {
    front = server(new Api(), port);
  }

  Pod pod(String reference) {
    String[] parts = reference.split("[/@]");
    return back.pods().inNamespace(parts[0]).withName(parts[1]).get();
  }

  void end(Pod pod, String phase, int exitCode, String reason) {
    status(pod, new PodStatusBuilder().withPhase(phase).addToContainerStatuses(new ContainerStatusBuilder().withName(KubernetesPods.JOB).withState(
        new ContainerStateBuilder().withNewTerminated().withExitCode(exitCode).withReason(reason).endTerminated().build()).build()).build());
  }

  /// As a node tells of a pod whose containers have all ended.
  PodStatus ended(Pod pod) {
    PodStatusBuilder status = new PodStatusBuilder().withPhase("Succeeded");
    pod.getSpec().getInitContainers().forEach(each -> status.addToInitContainerStatuses(ended(each.getName())));
    pod.getSpec().getContainers().forEach(each -> status.addToContainerStatuses(ended(each.getName())));
    return status.build();
  }

  private static ContainerStatus ended(String container) {
    return new ContainerStatusBuilder().withName(container).withContainerID("mock://" + container)
        .withState(new ContainerStateBuilder().withNewTerminated().withExitCode(0).withReason("Completed").endTerminated().build()).build();
  }

  void status(Pod pod, PodStatus status) {
    status(pod.getMetadata().getNamespace(), pod.getMetadata().getName(), now -> status);
  }

  private void status(String namespace, String name, UnaryOperator<PodStatus> next) {
    again(() -> back.pods().inNamespace(namespace).withName(name).editStatus(now -> {
      now.setStatus(next.apply(now.getStatus()));
      return now;
    }));
  }

  /// Until nobody else has edited it meanwhile.
  private static void again(Runnable edit) {
    while (true) {
      try {
        edit.run();
        return;
      } catch (KubernetesClientException e) {
        if (e.getCode() != 409) {
          throw e;
        }
      }
    }
  }

  private void run(String namespace, String name) {
    status(namespace, name, now -> now != null && now.getPhase() != null ? now : new PodStatusBuilder().withPhase("Running").addToContainerStatuses(
        new ContainerStatusBuilder().withName(KubernetesPods.JOB).withState(new ContainerStateBuilder().withNewRunning().withStartedAt(Instant.now().toString())
            .endRunning().build()).build()).build());
  }

  /// As a node does it: asks, waits, and only then tells the API that the pod is gone.
  private MockResponse remove(String path, String namespace, String name, String body) {
    MockResponse found = state.handleGet("/api/v1/namespaces/" + namespace + "/pods/" + name);
    if (found.code() != 200) {
      return state.handleDelete(path);
    }
    Pod pod = Serialization.unmarshal(new String(found.getBody().getBytes(), StandardCharsets.UTF_8), Pod.class);
    Matcher said = GRACE.matcher(body);
    long grace = said.find() ? Long.parseLong(said.group(1)) : 30;
    graces.add(grace);
    boolean dead = PodEnd.isDead(pod);
    long ms = grace == 0 ? 0 : dead ? 20 : stubborn.containsKey(pod.getMetadata().getLabels().get("hodei.io/installation")) ? grace * 1000 : 100;
    boolean removes = tidies || grace == 0;
    node.schedule(() -> {
      if (removes) {
        state.handleDelete("/api/v1/namespaces/" + namespace + "/pods/" + name);
      } else {
        status(pod, ended(pod));
      }
    }, ms, TimeUnit.MILLISECONDS);
    return found;
  }

  private MockResponse page(MockResponse whole, String query) {
    Matcher from = Pattern.compile("continue=(\\d+)").matcher(query);
    int start = from.find() ? Integer.parseInt(from.group(1)) : 0;
    try {
      JsonNode list = JSON.readTree(new String(whole.getBody().getBytes(), StandardCharsets.UTF_8));
      ArrayNode items = (ArrayNode) list.get("items");
      ArrayNode cut = JSON.createArrayNode();
      for (int i = start; i < Math.min(items.size(), start + pageSize); i++) {
        cut.add(items.get(i));
      }
      ((ObjectNode) list).set("items", cut);
      if (start + pageSize < items.size()) {
        ((ObjectNode) list.get("metadata")).put("continue", Integer.toString(start + pageSize));
      }
      return new MockResponse().setResponseCode(200).setBody(list.toString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// What the provider meets.
  private final class Api extends Dispatcher {
    @Override
    public MockResponse dispatch(RecordedRequest request) {
      String path = request.getPath();
      boolean watch = path.contains("watch=true");
      requests.add((watch ? "WATCH" : request.getMethod()) + " " + path);
      if (watch && gone.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        return new MockResponse().setResponseCode(410).setBody("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"Expired\",\"code\":410}");
      }
      Matcher one = POD.matcher(path);
      Matcher all = PODS.matcher(path);
      return switch (request.getMethod()) {
        case "DELETE" -> one.matches() ? remove(path, one.group(1), one.group(2), new String(request.getBody().getBytes(), StandardCharsets.UTF_8)) : state.handleDelete(path);
        case "POST" -> {
          String body = new String(request.getBody().getBytes(), StandardCharsets.UTF_8);
          MockResponse made = state.handleCreate(request);
          if (all.matches() && startsPods && made.code() < 300) {
            String name = Serialization.unmarshal(body, Pod.class).getMetadata().getName();
            node.execute(() -> run(all.group(1), name));
          }
          yield all.matches() && lost.getAndUpdate(left -> Math.max(0, left - 1)) > 0 ? new MockResponse().setResponseCode(503) : made;
        }
        case "PUT" -> state.handleUpdate(request);
        case "PATCH" -> state.handlePatch(request);
        default -> {
          MockResponse found = state.handleGet(path);
          yield all.matches() && !watch && path.contains("limit=") ? page(found, path) : found;
        }
      };
    }
  }

  List<String> asked() {
    return List.copyOf(requests);
  }

  long watches() {
    return requests.stream().filter(each -> each.startsWith("WATCH")).count();
  }

  /// The grace of each removal of a pod, in seconds.
  List<Long> graces() {
    return List.copyOf(graces);
  }

  @Override
  public void close() {
    node.shutdownNow();
    back.close();
    front.shutdown();
    backstage.shutdown();
  }
}
