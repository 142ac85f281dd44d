package io.hodei.providers;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a worker's pod is: closed by default. Not root, no capability, no new privileges, the runtime's seccomp profile, roots that are read only, no
/// namespace of the node's, no service account's token. Its first container brings the agent and the worker file, its second is the job's image with
/// the agent as the first process. Pure.
final class KubernetesPods {
  /// The container that the agent and its job are in.
  static final String JOB = "job";

  /// The container that brings the agent.
  static final String BRING = "agent";

  /// The container that looks into the job's image before something of the job's is mounted there.
  static final String TARGETS = "targets";

  private static final String BROUGHT = "/hodei/bundle";
  private static final String TOKEN = "/hodei/token";
  private static final String WORKER_FILE = "worker.conf";
  private static final String JAVA = AgentBundle.HOME.resolve("jre/bin/java").toString();
  private static final String GPU = "nvidia.com/gpu";
  private static final Map<String, String> NODES = Map.of("kubernetes.io/os", "linux", "kubernetes.io/arch", "amd64");
  private static final Map<String, Quantity> BRING_NEEDS = Map.of("cpu", new Quantity("50m"), "memory", new Quantity("64Mi"));
  private static final Map<String, Quantity> BRING_LIMITS = Map.of("memory", new Quantity("128Mi"));

  private final KubernetesSite site;
  private final KubernetesNames names;

  KubernetesPods(KubernetesSite site, KubernetesNames names) {
    this.site = site;
    this.names = names;
  }

  Pod pod(WorkerLaunch launch, String image, KubernetesOptions options) {
    ContainerUser user = ContainerUser.of(site.user());
    String id = launch.workerId();
    Duration existence = launch.terms().existence();
    return options.on(new PodBuilder()
        .withNewMetadata()
          .withName(KubernetesNames.pod(id))
          .withNamespace(site.namespaceOf(launch.terms().tenant()))
          .withLabels(names.labels(id, launch.pool()))
          .withAnnotations(annotations(launch.terms()))
        .endMetadata()
        .withNewSpec()
          .withRestartPolicy("Never")
          .withActiveDeadlineSeconds(existence == null ? null : Math.max(1, existence.toSeconds()))
          .withAutomountServiceAccountToken(false)
          .withEnableServiceLinks(false)
          .withNodeSelector(NODES)
          .withNewSecurityContext()
            .withRunAsNonRoot(true)
            .withRunAsUser((long) user.uid())
            .withRunAsGroup((long) user.gid())
            .withNewSeccompProfile().withType("RuntimeDefault").endSeccompProfile()
          .endSecurityContext()
          .withInitContainers(bring())
          .withContainers(job(launch, image, options))
          .withVolumes(empty("agent"), empty("work"), empty("tmp"), new VolumeBuilder().withName("token").withNewSecret()
              .withSecretName(names.secret(id)).withDefaultMode(0444).endSecret().build())
        .endSpec()
        .build());
  }

  private static Map<String, String> annotations(WorkerTerms terms) {
    Duration ttl = terms.ttl();
    return ttl == null ? Map.of() : Map.of(KubernetesNames.TTL, Long.toString(ttl.toSeconds()));
  }

  /// A Java program, since the image of the agent has nothing else.
  private Container bring() {
    return new ContainerBuilder()
        .withName(BRING)
        .withImage(site.agentImage())
        .withImagePullPolicy(pullPolicy())
        .withCommand(JAVA, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx32m", "-cp", AgentBundle.HOME.resolve("lib") + "/*", "io.hodei.agent.Unpack")
        .withArgs(AgentBundle.HOME.toString(), BROUGHT, TOKEN + "/" + WORKER_FILE, DockerContainers.WORK)
        .withEnv(variable("LD_LIBRARY_PATH", AgentBundle.HOME.resolve("libc").toString()), variable("LC_ALL", "C.UTF-8"))
        .withWorkingDir("/")
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .withNewResources().withRequests(BRING_NEEDS).withLimits(BRING_LIMITS).endResources()
        .withSecurityContext(closed())
        .withVolumeMounts(mount("agent", BROUGHT, false), mount("work", DockerContainers.WORK, false), mount("token", TOKEN, true), mount("tmp", "/tmp", false))
        .build();
  }

  private Container job(WorkerLaunch launch, String image, KubernetesOptions options) {
    Map<String, Quantity> limits = limits(launch.shape(), options);
    return new ContainerBuilder()
        .withName(JOB)
        .withImage(image)
        .withImagePullPolicy(pullPolicy())
        .withCommand(JAVA, "@" + AgentBundle.HOME.resolve(AgentBundle.ARGUMENTS), DockerContainers.WORK + "/conf/" + WORKER_FILE)
        .withEnv(environment(launch.workerId()))
        .withWorkingDir("/")
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .withNewResources().withRequests(limits).withLimits(limits).endResources()
        .withSecurityContext(closed())
        .withVolumeMounts(mount("agent", AgentBundle.HOME.toString(), true), mount("work", DockerContainers.WORK, false), mount("tmp", "/tmp", false))
        .build();
  }

  /// In the image of `job`, with the agent and nothing of the job's: whether `targets`, and the agent's own directories, are where they say.
  static Container targets(Container job, List<String> targets) {
    List<String> paths = new ArrayList<>(List.of(AgentBundle.HOME.toString(), DockerContainers.WORK));
    paths.addAll(targets);
    return new ContainerBuilder(job)
        .withName(TARGETS)
        .withCommand(JAVA, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xmx32m", "-cp", AgentBundle.HOME.resolve("lib") + "/*", "io.hodei.agent.Targets")
        .withArgs(paths)
        .withNewResources().withRequests(BRING_NEEDS).withLimits(BRING_LIMITS).endResources()
        .withVolumeMounts(mount("agent", AgentBundle.HOME.toString(), true))
        .build();
  }

  private List<EnvVar> environment(String workerId) {
    return List.of(variable(WorkerMark.PROVIDER_VARIABLE, "kubernetes"), variable(WorkerMark.WORKER_VARIABLE, workerId),
        variable(WorkerMark.INSTALLATION_VARIABLE, site.installationId()), variable("LC_ALL", "C.UTF-8"),
        variable("LD_LIBRARY_PATH", AgentBundle.HOME.resolve("libc").toString()), variable("LD_PRELOAD", ""), variable("JAVA_TOOL_OPTIONS", ""),
        variable("JDK_JAVA_OPTIONS", ""), variable("_JAVA_OPTIONS", ""), variable("LD_AUDIT", ""), variable("GCONV_PATH", ""), variable("GLIBC_TUNABLES", ""));
  }

  /// What it gets is what it may use, so that nobody's memory is promised twice.
  private static Map<String, Quantity> limits(WorkerShape shape, KubernetesOptions options) {
    Map<String, Quantity> limits = new LinkedHashMap<>();
    String cpu = shape.cpu();
    if (cpu != null) {
      limits.put("cpu", new Quantity(cpu));
    }
    Long memory = shape.memoryBytes();
    if (memory != null) {
      limits.put("memory", new Quantity(Long.toString(memory + DockerContainers.AGENT_MEMORY)));
    }
    Integer gpu = shape.gpu();
    if (gpu != null && gpu > 0) {
      String resource = options.gpuResource();
      limits.put(resource == null ? GPU : resource, new Quantity(gpu.toString()));
    }
    return limits;
  }

  private static SecurityContext closed() {
    return new SecurityContextBuilder()
        .withAllowPrivilegeEscalation(false)
        .withPrivileged(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities().withDrop("ALL").endCapabilities()
        .build();
  }

  private String pullPolicy() {
    return switch (site.pull()) {
      case MISSING -> "IfNotPresent";
      case ALWAYS -> "Always";
      case NEVER -> "Never";
    };
  }

  private static EnvVar variable(String name, String value) {
    return new EnvVarBuilder().withName(name).withValue(value).build();
  }

  private static Volume empty(String name) {
    return new VolumeBuilder().withName(name).withNewEmptyDir().endEmptyDir().build();
  }

  private static VolumeMount mount(String volume, String path, boolean readOnly) {
    return new VolumeMountBuilder().withName(volume).withMountPath(path).withReadOnly(readOnly ? Boolean.TRUE : null).build();
  }

  /// The worker file, for the pod alone that brings it in.
  Secret secret(WorkerLaunch launch, KubernetesOptions options) {
    String text = String.join("\n",
        "workerId=" + launch.workerId(),
        "installationId=" + site.installationId(),
        "gateway=" + launch.gateway(),
        "token=" + launch.token(),
        "scratch=" + DockerContainers.WORK + "/scratch",
        "container=true",
        "shared=" + DockerContainers.base64(options.mounted())) + "\n";
    return new SecretBuilder()
        .withNewMetadata()
          .withName(names.secret(launch.workerId()))
          .withNamespace(site.namespaceOf(launch.terms().tenant()))
          .withLabels(names.labels(launch.workerId(), launch.pool()))
        .endMetadata()
        .withType("Opaque")
        .withStringData(Map.of(WORKER_FILE, text))
        .build();
  }

  /// The same, gone with its pod.
  static Secret ownedBy(Pod pod, Secret secret) {
    return new SecretBuilder(secret).editMetadata().addNewOwnerReference().withApiVersion("v1").withKind("Pod").withName(pod.getMetadata().getName())
        .withUid(pod.getMetadata().getUid()).endOwnerReference().endMetadata().build();
  }
}
