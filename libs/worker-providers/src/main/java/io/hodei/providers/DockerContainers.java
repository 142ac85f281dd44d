package io.hodei.providers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.DeviceRequest;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.VolumeOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What a worker's container is: closed by default, and open only where its options say so. Not root, no capability, no new privileges, the engine's seccomp profile, a
/// root that is read only, no swap, no namespace of the host's. Pure but for the client that carries the command.
final class DockerContainers {
  /// Where a worker's own volume is: the worker file and the scratch directory.
  static final String WORK = "/hodei/work";

  /// What the agent itself takes of a worker's memory, so that the job gets what it asked for.
  static final long AGENT_MEMORY = 128L << 20;

  /// What the agent understands, whatever the image has as its STOPSIGNAL.
  private static final String ASKED_TO_END = "SIGTERM";
  private static final String TMP = "rw,nosuid,nodev,exec,mode=1777,size=256m,uid=%d,gid=%d";
  private static final Map<String, String> LOG = Map.of("max-size", "1m", "max-file", "1");

  /// Set for the agent alone, over whatever the image has: a job gets the image's.
  private static final List<String> AGENT_ENVIRONMENT = List.of(WorkerMark.PROVIDER_VARIABLE + "=docker", "LC_ALL=C.UTF-8", "LD_LIBRARY_PATH=" + AgentBundle.HOME.resolve("libc"), "LD_PRELOAD=",
      "JAVA_TOOL_OPTIONS=", "JDK_JAVA_OPTIONS=", "HOME=" + WORK + "/scratch");

  private final DockerSite site;
  private final DockerNames names;

  DockerContainers(DockerSite site, DockerNames names) {
    this.site = site;
    this.names = names;
  }

  /// The command that makes the container of this worker, with the agent of `volume`. `environment`: the image's, as NAME=VALUE.
  CreateContainerCmd create(DockerClient client, WorkerLaunch launch, DockerOptions options, String image, List<String> environment, String volume,
      List<String> agent) {
    String id = launch.workerId();
    Map<String, String> labels = names.labels(id, launch.pool());
    List<Mount> mounts = new ArrayList<>(List.of(
        new Mount().withType(MountType.VOLUME).withSource(volume).withTarget(AgentBundle.HOME.toString()).withReadOnly(true)
            .withVolumeOptions(new VolumeOptions().withNoCopy(true)),
        new Mount().withType(MountType.VOLUME).withSource(DockerNames.of(id)).withTarget(WORK)
            .withVolumeOptions(new VolumeOptions().withNoCopy(true).withLabels(labels))));
    mounts.addAll(options.mounts());
    HostConfig host = HostConfig.newHostConfig()
        .withPidsLimit(site.pidsLimit())
        .withNetworkMode(options.network() == null ? site.network() : options.network())
        .withTmpFs(Map.of("/tmp", tmp(options)))
        .withLogConfig(new LogConfig(LogConfig.LoggingType.JSON_FILE, LOG))
        .withMounts(mounts)
        .withExtraHosts(options.extraHosts().toArray(String[]::new))
        .withUlimits(options.ulimits())
        .withShmSize(options.shmBytes());
    close(host, options);
    limit(host, launch.shape());
    Map<String, String> all = new LinkedHashMap<>(options.labels());
    all.putAll(labels);
    return client.createContainerCmd(image)
        .withName(DockerNames.of(id))
        .withLabels(all)
        .withUser(user(options))
        .withWorkingDir("/")
        .withEnv(environment(id, environment))
        .withEntrypoint(agent)
        .withCmd(WORK + "/conf/worker.conf")
        .withStopSignal(ASKED_TO_END)
        .withHostConfig(host);
  }

  /// Its user's own: an engine may give it the mode that the directory has in the image, whatever we ask for.
  private String tmp(DockerOptions options) {
    return options.privileged() ? TMP.formatted(0, 0) : TMP.formatted(site.uid(), site.gid());
  }

  private static void close(HostConfig host, DockerOptions options) {
    if (options.privileged()) {
      host.withPrivileged(true);
    } else {
      host.withCapDrop(Capability.ALL).withSecurityOpts(List.of("no-new-privileges")).withReadonlyRootfs(true);
    }
  }

  /// `uid:gid` of everything in it: a privileged one is root, or it could use nothing of its privileges.
  String user(DockerOptions options) {
    return options.privileged() ? "0:0" : site.user();
  }

  /// The agent's. What the image sets is the job's alone, which has it from the worker file, but for the PATH: LD_AUDIT would run its code in the agent,
  /// and _JAVA_OPTIONS could keep it from starting. A name without a value is taken away.
  private List<String> environment(String workerId, List<String> image) {
    List<String> environment = new ArrayList<>(AGENT_ENVIRONMENT);
    environment.add(WorkerMark.WORKER_VARIABLE + "=" + workerId);
    environment.add(WorkerMark.INSTALLATION_VARIABLE + "=" + site.installationId());
    Set<String> kept = environment.stream().map(DockerContainers::nameOf).collect(Collectors.toCollection(HashSet::new));
    kept.add("PATH");
    image.stream().map(DockerContainers::nameOf).filter(kept::add).forEach(environment::add);
    return environment;
  }

  private static String nameOf(String variable) {
    int equals = variable.indexOf('=');
    return equals < 0 ? variable : variable.substring(0, equals);
  }

  private static void limit(HostConfig host, WorkerShape shape) {
    Long cpu = shape.nanoCpus();
    if (cpu != null) {
      host.withNanoCPUs(cpu);
    }
    Long memory = shape.memoryBytes();
    if (memory != null) {
      // The second is memory and swap together: the same, so none.
      host.withMemory(memory + AGENT_MEMORY).withMemorySwap(memory + AGENT_MEMORY);
    }
    Integer gpu = shape.gpu();
    if (gpu != null && gpu > 0) {
      host.withDeviceRequests(List.of(new DeviceRequest().withCount(gpu).withCapabilities(List.of(List.of("gpu")))));
    }
  }

  /// The text of the worker file. `environment`: the image's, as NAME=VALUE; the job begins with it. What was mounted on purpose is named, since its files
  /// outlive a job.
  String workerFile(WorkerLaunch launch, DockerOptions options, List<String> environment) {
    return String.join("\n",
        "workerId=" + launch.workerId(),
        "installationId=" + site.installationId(),
        "gateway=" + launch.gateway(),
        "token=" + launch.token(),
        "scratch=" + WORK + "/scratch",
        "container=true",
        "environment=" + base64(environment),
        "shared=" + base64(options.mounts().stream().map(Mount::getTarget).toList())) + "\n";
  }

  /// As the agent reads texts that may have any character in them.
  static String base64(List<String> texts) {
    return Base64.getEncoder().encodeToString(String.join("\0", texts).getBytes(StandardCharsets.UTF_8));
  }
}
