package io.hodei.providers;

import com.github.dockerjava.api.exception.NotFoundException;
import io.hodei.providers.ProviderException.Reason;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIf;

/// Containers of a real engine; the agent is a shell.
@EnabledIf("io.hodei.providers.Engine#isWanted")
class DockerConformanceIT extends ProviderConformance {
  @BeforeAll
  static void image() throws Exception {
    Engine.haveImage();
  }

  static DockerSite site(String installation) {
    return new DockerSite("docker-it", installation, null, Path.of("unused"), Path.of("unused"), Path.of("unused"), "bridge", DockerSite.Pull.NEVER, null, 100,
        "65532:65532");
  }

  @Override
  WorkerProvider open(String of, Conduct conduct) {
    // The first process of a container gets no signal that it has not asked for.
    String script = (conduct == Conduct.IGNORES_THE_ASKING ? "" : "trap 'exit 0' TERM; ") + "while :; do sleep 0.1; done";
    return new DockerProvider(site(of), new DockerEngine(null), new ShellAgent(of, script));
  }

  @Override
  WorkerShape shape() {
    return new WorkerShape(Engine.IMAGE, null, null, null);
  }

  @Override
  void kill(CreatedWorker worker) throws Exception {
    try (DockerEngine engine = new DockerEngine(null)) {
      engine.call("kill", Reason.DESTROY_FAILED, client -> client.killContainerCmd(worker.providerRef()).withSignal("KILL").exec());
    }
  }

  @Override
  boolean isThere(CreatedWorker worker) throws Exception {
    try (DockerEngine engine = new DockerEngine(null)) {
      return engine.call("look", Reason.PROVIDER_UNREACHABLE, client -> {
        try {
          client.inspectContainerCmd(worker.providerRef()).exec();
          return true;
        } catch (NotFoundException e) {
          return false;
        }
      });
    }
  }
}
