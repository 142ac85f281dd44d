package io.hodei.providers;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/// A cluster with nodes, for tests, where somebody brings one: `-Dhodei.it.kubeconfig=FILE`. The provider speaks to it as `-Dhodei.it.kubernetes-context`,
/// which shall have the rights of `deploy/kubernetes/rbac.yaml` and no others; the tests look, and kill, as the file's current context.
///
/// `-Dhodei.it.image`: an image that the nodes have or can fetch; by default one is made on this machine's Docker engine, which suffices where that is the node's.
/// It has a shell, and a shell script in the place of the agent's Java.
final class RealCluster implements AutoCloseable {
  /// The user of the stand-ins that do not end when they are asked.
  static final String STUBBORN = "65533:65533";

  private static final String FILE = System.getProperty("hodei.it.kubeconfig", "");
  private static final String CONTEXT = System.getProperty("hodei.it.kubernetes-context", "");
  private static final String IMAGE = System.getProperty("hodei.it.image", "");
  private static final String OWN_IMAGE = "hodei-it/pod:1";
  private static final String JAVA = "hodei/agent/jre/bin/java";
  /// Brings itself when it is asked to bring the agent. The first process of a pod cannot be killed from within: its death is one that looks like that.
  private static final String AGENT = """
      #!/bin/sh
      case "$*" in
        *io.hodei.agent.Unpack*)
          mkdir -p /hodei/bundle/jre/bin && cat /hodei/agent/jre/bin/java > /hodei/bundle/jre/bin/java && chmod 755 /hodei/bundle/jre/bin/java
          exit;;
      esac
      trap 'exit 137' USR1
      if [ "$(id -u)" = 65533 ]; then trap '' TERM; else trap 'exit 0' TERM; fi
      while :; do sleep 0.1; done
      """;

  private final KubernetesClient client;

  RealCluster() {
    client = new KubernetesClientBuilder().withConfig(config("")).build();
  }

  /// For JUnit's EnabledIf.
  static boolean isWanted() {
    return !FILE.isBlank();
  }

  /// Throws when there is none to be had.
  static String image() throws IOException {
    if (!IMAGE.isBlank()) {
      return IMAGE;
    }
    return Engine.imported(OWN_IMAGE, Engine.root(RealCluster::agent));
  }

  private static void agent(TarArchiveOutputStream tar) throws IOException {
    byte[] script = AGENT.getBytes(StandardCharsets.UTF_8);
    TarArchiveEntry entry = new TarArchiveEntry(JAVA);
    entry.setMode(0755);
    entry.setSize(script.length);
    tar.putArchiveEntry(entry);
    tar.write(script);
    tar.closeArchiveEntry();
  }

  private static Config config(String context) {
    return Config.fromKubeconfig(context.isBlank() ? null : context, new File(FILE));
  }

  static String namespace() {
    String namespace = config(CONTEXT).getNamespace();
    return namespace == null || namespace.isBlank() ? "default" : namespace;
  }

  /// As the provider may.
  static KubernetesCluster api() {
    return new KubernetesCluster(() -> config(CONTEXT));
  }

  Pod pod(String reference) {
    String[] parts = reference.split("[/@]");
    return client.pods().inNamespace(parts[0]).withName(parts[1]).get();
  }

  boolean isThere(String reference) {
    Pod pod = pod(reference);
    return pod != null && KubernetesNames.referenceOf(pod).equals(reference);
  }

  /// Waits until its stand-in runs.
  void awaitRunning(String reference) {
    String[] parts = reference.split("[/@]");
    client.pods().inNamespace(parts[0]).withName(parts[1]).waitUntilCondition(
        pod -> pod != null && pod.getStatus() != null && "Running".equals(pod.getStatus().getPhase()), 60, TimeUnit.SECONDS);
  }

  void kill(String reference) throws Exception {
    awaitRunning(reference);
    String[] parts = reference.split("[/@]");
    try (ExecWatch kill = client.pods().inNamespace(parts[0]).withName(parts[1]).inContainer(KubernetesPods.JOB)
        .writingOutput(OutputStream.nullOutputStream()).exec("/bin/sh", "-c", "kill -USR1 1")) {
      kill.exitCode().get(10, TimeUnit.SECONDS);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
