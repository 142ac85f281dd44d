package io.hodei.providers;

import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.HostConfig;
import io.hodei.providers.ProviderException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/// Containers of a real engine; the agent is a shell.
@EnabledIf("io.hodei.providers.Engine#isWanted")
class DockerConformanceIT extends EngineConformance {
  private static final Path SOCKET = Path.of("/var/run/docker.sock");

  @TempDir
  private Path folder = Path.of("set by JUnit");
  @AutoClose
  private final DockerEngine engine = new DockerEngine(null);
  private @Nullable SocketRelay relay;

  @BeforeAll
  static void image() throws Exception {
    Engine.haveImage();
  }

  static DockerSite site(String installation) {
    return new DockerSite("docker-it", installation, null, Path.of("unused"), Path.of("unused"), Path.of("unused"), "bridge", DockerSite.Pull.NEVER, null, 100,
        "65532:65532");
  }

  /// By way of a socket that can be cut.
  @Override
  WorkerProvider open(String of, Conduct conduct) throws IOException {
    Path socket = folder.resolve("engine.sock");
    if (relay == null) {
      relay = new SocketRelay(socket, SOCKET);
    }
    // The first process of a container gets no signal that it has not asked for.
    String script = (conduct == Conduct.IGNORES_THE_ASKING ? "" : "trap 'exit 0' TERM; ") + "while :; do sleep 0.1; done";
    return new DockerProvider(site(of), new DockerEngine("unix://" + socket), new ShellAgent(of, script));
  }

  @Override
  WorkerShape shape() {
    return new WorkerShape(Engine.IMAGE, null, null, null);
  }

  @Override
  void cut() throws IOException {
    Objects.requireNonNull(relay).cut();
  }

  @Override
  void mend() throws IOException {
    Objects.requireNonNull(relay).mend();
  }

  private <T> T ask(DockerEngine.Act<T> act) throws ProviderException {
    return engine.call("ask", Reason.PROVIDER_UNREACHABLE, act);
  }

  @Override
  void kill(CreatedWorker worker) throws Exception {
    ask(client -> client.killContainerCmd(worker.providerRef()).withSignal("KILL").exec());
  }

  @Override
  void take(CreatedWorker worker) throws Exception {
    ask(client -> client.removeContainerCmd(worker.providerRef()).withForce(true).exec());
  }

  @Override
  Map<String, String> marks(CreatedWorker worker) throws Exception {
    return ask(client -> named(client.inspectContainerCmd(worker.providerRef()).exec().getConfig().getLabels()));
  }

  @Override
  String limits(CreatedWorker worker) throws Exception {
    return ask(client -> {
      HostConfig host = client.inspectContainerCmd(worker.providerRef()).exec().getHostConfig();
      return host.getNanoCPUs() + " " + host.getMemory();
    });
  }

  @Override
  boolean isThere(CreatedWorker worker) throws Exception {
    return ask(client -> {
      try {
        client.inspectContainerCmd(worker.providerRef()).exec();
        return true;
      } catch (NotFoundException e) {
        return false;
      }
    });
  }
}
