package io.hodei.system;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import io.hodei.testkit.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/// A cluster for tests: the mock API server in CRUD mode, and a node whose pods are real agents in processes of this machine, with the worker file of the
/// pod's secret. It asks nobody politely, and knows no images.
final class MockNode implements AutoCloseable {
  /// Kept, since a logger that nobody holds forgets its level.
  private static final Logger CHATTER = Logger.getLogger("io.fabric8.mockwebserver");

  private final Path directory;
  private final KubernetesMockServer server;
  private final Map<String, Process> agents = new ConcurrentHashMap<>();
  final KubernetesClient api;

  MockNode(Path directory, String... namespaces) throws IOException {
    CHATTER.setLevel(Level.WARNING);
    this.directory = directory;
    Map<ServerRequest, Queue<ServerResponse>> answers = new HashMap<>();
    server = new KubernetesMockServer(new Context(), new MockWebServer(), answers, new KubernetesMixedDispatcher(answers), false);
    server.init(InetAddress.getLoopbackAddress(), 0);
    api = server.createClient();
    for (String each : namespaces) {
      api.resource(new NamespaceBuilder().withNewMetadata().withName(each).endMetadata().build()).create();
      var _ = api.pods().inNamespace(each).watch(new Pods());
    }
  }

  /// A kubeconfig that leads here.
  Path kubeconfig() throws IOException {
    return Files.writeString(directory.resolve("kubeconfig"), """
        apiVersion: v1
        kind: Config
        clusters: [{name: mock, cluster: {server: "http://%s:%d"}}]
        contexts: [{name: mock, context: {cluster: mock}}]
        current-context: mock
        """.formatted(server.getHostName(), server.getPort()));
  }

  List<Pod> pods(String namespace) {
    return api.pods().inNamespace(namespace).list().getItems();
  }

  private void start(Pod pod) {
    String name = pod.getMetadata().getName();
    String namespace = pod.getMetadata().getNamespace();
    try {
      String secret = pod.getSpec().getVolumes().stream().filter(each -> each.getSecret() != null).findFirst().orElseThrow().getSecret().getSecretName();
      Path own = Files.createDirectories(directory.resolve(name));
      List<String> lines = api.secrets().inNamespace(namespace).withName(secret).get().getStringData().get("worker.conf").lines()
          .filter(line -> !line.startsWith("container=")).map(line -> line.startsWith("scratch=") ? "scratch=" + own.resolve("scratch") : line).toList();
      Path file = Files.write(own.resolve("worker.conf"), lines);
      Path agent = Shell.checkout().resolve("build/dist/current/agent").toRealPath();
      ProcessBuilder process = new ProcessBuilder("setsid", Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
          "--enable-native-access=ALL-UNNAMED", "-cp", agent.resolve("lib") + "/*", "io.hodei.agent.Main", file.toString())
          .redirectErrorStream(true).redirectOutput(own.resolve("log").toFile());
      for (EnvVar each : pod.getSpec().getContainers().getFirst().getEnv()) {
        if (each.getName().startsWith("HODEI_")) {
          process.environment().put(each.getName(), each.getValue());
        }
      }
      Process running = process.start();
      agents.put(name, running);
      tell(namespace, name, "Running", new ContainerStateBuilder().withNewRunning().endRunning().build());
      var _ = running.onExit().thenAccept(ended -> tell(namespace, name, ended.exitValue() == 0 ? "Succeeded" : "Failed",
          new ContainerStateBuilder().withNewTerminated().withExitCode(ended.exitValue()).endTerminated().build()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void tell(String namespace, String name, String phase, ContainerState job) {
    PodStatus status = new PodStatusBuilder().withPhase(phase)
        .addToContainerStatuses(new ContainerStatusBuilder().withName("job").withContainerID("mock://job").withState(job).build())
        .addToInitContainerStatuses(new ContainerStatusBuilder().withName("agent").withContainerID("mock://agent")
            .withState(new ContainerStateBuilder().withNewTerminated().withExitCode(0).endTerminated().build()).build())
        .build();
    if (api.pods().inNamespace(namespace).withName(name).get() != null) {
      api.pods().inNamespace(namespace).withName(name).editStatus(pod -> {
        pod.setStatus(status);
        return pod;
      });
    }
  }

  @Override
  public void close() {
    agents.values().forEach(Process::destroyForcibly);
    api.close();
    server.shutdown();
  }

  private final class Pods implements Watcher<Pod> {
    @Override
    public void eventReceived(Action action, Pod pod) {
      if (action == Action.ADDED) {
        start(pod);
      } else if (action == Action.DELETED) {
        Process agent = agents.remove(pod.getMetadata().getName());
        if (agent != null) {
          agent.destroyForcibly();
        }
      }
    }

    @Override
    public void onClose(WatcherException cause) {}
  }
}
