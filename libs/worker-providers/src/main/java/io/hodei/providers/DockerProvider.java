package io.hodei.providers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.exception.BadRequestException;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Container;
import io.hodei.providers.ProviderException.Reason;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Workers as containers of a Docker engine: a worker is one container and one volume, both named `hodei-<worker id>` and labelled with the
/// installation. The image is the job's own and need contain nothing of ours.
///
/// Any thread; calls for one worker id must not overlap. Found again by name and label, never by memory, so workers survive this provider, and
/// closing it leaves them alone. While the engine is away every call fails with PROVIDER_UNREACHABLE.
public final class DockerProvider implements WorkerProvider {
  private final DockerSite site;
  private final DockerEngine engine;
  private final DockerNames names;
  private final DockerImages images;
  private final DockerContainers containers;
  private final ContainerAgent agent;
  private final DockerWatch watch;

  public DockerProvider(DockerSite site) {
    this(site, new DockerEngine(site.host()));
  }

  private DockerProvider(DockerSite site, DockerEngine engine) {
    this(site, engine, new AgentVolume(engine, site, new DockerNames(site.installationId())));
  }

  DockerProvider(DockerSite site, DockerEngine engine, ContainerAgent agent) {
    this.site = site;
    this.engine = engine;
    this.names = new DockerNames(site.installationId());
    this.images = new DockerImages(engine, site.pull(), new RegistryLogins(site.registryConfig() == null ? RegistryLogins.ofUser() : site.registryConfig()));
    this.containers = new DockerContainers(site, names);
    this.agent = agent;
    this.watch = new DockerWatch(engine, names);
  }

  @Override
  public String type() {
    return "docker";
  }

  @Override
  public String providerId() {
    return site.providerId();
  }

  @Override
  public boolean reachable() {
    return engine.answers();
  }

  @Override
  public CreatedWorker create(WorkerLaunch launch) throws ProviderException {
    String id = requireSafe(launch.workerId(), Reason.PROVISION_FAILED);
    String image = launch.shape().image();
    if (image == null) {
      throw new ProviderException(Reason.IMAGE_ERROR, "Expected an image for worker " + id + ", but neither the job nor pool " + launch.pool()
          + " names one; give the job an image, or the pool's template", "Give the job an image (--image), or its pool's template.", null);
    }
    DockerOptions options = DockerOptions.of(launch.shape());
    ImageConfig config = images.configOf(image);
    List<String> environment = config.environment();
    String volume = agent.volume();
    List<String> command = agent.command();
    return engine.call("create worker " + id + " of image " + image, Reason.PROVISION_FAILED, client -> {
      requireVolumes(client, options, id);
      Optional<CreatedWorker> there = Optional.empty();
      @Nullable String made = make(client, launch, options, image, environment, volume, command);
      if (made == null) {
        there = existing(client, id);
        made = there.isPresent() ? null : make(client, launch, options, image, environment, volume, command);
      }
      if (there.isPresent()) {
        return there.get();
      }
      if (made == null) {
        throw new ProviderException(Reason.PROVISION_FAILED, "Expected the name " + DockerNames.of(id) + " to be free, but a container took it twice; retry the job");
      }
      MountTargets.require(client, made, options, config.volumes(), id);
      bring(client, made, containers.workerFile(launch, options, environment), options);
      start(client, launch, options, made);
      watch.started(id, made);
      return new CreatedWorker(id, made.substring(0, 12), false);
    });
  }

  /// To where everything that the worker mounts is mounted as well.
  private void bring(DockerClient client, String container, String workerFile, DockerOptions options) throws ProviderException {
    byte[] archive = TarArchive.ofWorker(workerFile, options.privileged() ? 0 : site.uid(), options.privileged() ? 0 : site.gid());
    try {
      client.copyArchiveToContainerCmd(container).withRemotePath(DockerContainers.WORK).withTarInputStream(new ByteArrayInputStream(archive)).exec();
    } catch (DockerException e) {
      if (options.mounts().isEmpty()) {
        throw e;
      }
      throw new ProviderException(Reason.START_FAILED, "Expected to mount what the job mounts, but the Docker engine says: " + DockerEngine.said(e), MountTargets.ADVICE, e);
    }
  }

  /// The engine would make one that is missing, and nobody would ever remove it.
  private static void requireVolumes(DockerClient client, DockerOptions options, String id) throws ProviderException {
    for (String volume : options.volumes()) {
      try {
        client.inspectVolumeCmd(volume).exec();
      } catch (NotFoundException e) {
        throw new ProviderException(Reason.START_FAILED, "Expected volume " + volume + " for worker " + id + " on the Docker engine, but there is none"
            + "; make it: docker volume create " + volume,
            "Make the volume: docker volume create " + volume + "; or correct providerConfig.docker.mounts of the job, or of its pool's template.", e);
      }
    }
  }

  /// Null: the name is taken.
  private @Nullable String make(DockerClient client, WorkerLaunch launch, DockerOptions options, String image, List<String> environment, String volume,
      List<String> command) throws ProviderException {
    try {
      return containers.create(client, launch, options, image, environment, volume, command).exec().getId();
    } catch (ConflictException e) {
      return null;
    } catch (BadRequestException | NotFoundException e) {
      String said = DockerEngine.said(e);
      if (said.contains("No such image")) {
        throw new ProviderException(Reason.IMAGE_ERROR, "Expected image " + image + " on the Docker engine, but it was removed when it had just been found", "Retry the job.", e);
      }
      String advice = advice(said, launch, options);
      throw new ProviderException(Reason.START_FAILED, "Expected a container as worker " + launch.workerId() + " asks for, but the Docker engine says: " + said,
          advice == null ? "Correct resources or providerConfig.docker of the job, or of its pool's template." : advice, e);
    }
  }

  private @Nullable String advice(String said, WorkerLaunch launch, DockerOptions options) {
    return DockerAdvice.on(said, launch.shape(), options, options.network() == null ? site.network() : options.network());
  }

  /// What there is under this worker's name. A container that was never started has no agent and is removed: then there is nothing.
  private Optional<CreatedWorker> existing(DockerClient client, String id) throws ProviderException {
    Optional<InspectContainerResponse> found = find(client, id);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    InspectContainerResponse container = found.get();
    if (!names.isOurs(container)) {
      throw new ProviderException(Reason.PROVISION_FAILED, "Expected the name " + DockerNames.of(id)
          + " to be free on the Docker engine, but a container that is not ours has it; remove or rename that one");
    }
    String status = String.valueOf(container.getState().getStatus());
    if (status.equals("created")) {
      new DockerRemoval(client, names, id).run(Duration.ZERO);
      return Optional.empty();
    }
    if (DockerRemoval.LIVING.contains(status)) {
      watch.started(id, container.getId());
    } else {
      watch.foundDead(id, container.getId());
    }
    return Optional.of(new CreatedWorker(id, container.getId().substring(0, 12), true));
  }

  private void start(DockerClient client, WorkerLaunch launch, DockerOptions options, String container) throws ProviderException {
    try {
      client.startContainerCmd(container).exec();
    } catch (NotModifiedException e) {
      // It runs.
    } catch (DockerException e) {
      String said = DockerEngine.said(e);
      throw new ProviderException(Reason.START_FAILED, "Expected worker " + launch.workerId() + " to start in image " + launch.shape().image()
          + ", but the Docker engine says: " + said, advice(said, launch, options), e);
    }
  }

  @Override
  public DestroyedWorker destroy(String workerId, Duration grace) throws ProviderException {
    String id = requireSafe(workerId, Reason.DESTROY_FAILED);
    watch.ordered(id);
    boolean existed = engine.call("destroy worker " + id, Reason.DESTROY_FAILED, client -> new DockerRemoval(client, names, id).run(grace));
    watch.forget(id);
    return new DestroyedWorker(id, existed, Instant.now());
  }

  private static Optional<InspectContainerResponse> find(DockerClient client, String id) {
    try {
      return Optional.of(client.inspectContainerCmd(DockerNames.of(id)).exec());
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  @Override
  public Inventory inventory() throws ProviderException {
    Instant startedAt = Instant.now();
    List<WorkerItem> items = engine.call("list the workers on the Docker engine", Reason.PROVIDER_UNREACHABLE, client -> {
      List<WorkerItem> found = new ArrayList<>();
      Set<String> ids = new LinkedHashSet<>();
      for (Container container : client.listContainersCmd().withShowAll(true).withLabelFilter(List.of(names.filter(), DockerNames.WORKER)).exec()) {
        String id = DockerNames.workerOf(container.getLabels());
        ids.add(id);
        boolean alive = DockerRemoval.LIVING.contains(container.getState());
        found.add(new WorkerItem(id, container.getId().substring(0, 12), Instant.ofEpochSecond(container.getCreated()), alive,
            "container " + container.getState() + ", image " + container.getImage()));
      }
      for (InspectVolumeResponse volume : client.listVolumesCmd().withFilter("label", List.of(names.filter(), DockerNames.WORKER)).exec().getVolumes()) {
        String id = DockerNames.workerOf(volume.getLabels());
        if (ids.add(id)) {
          found.add(new WorkerItem(id, null, null, false, "volume " + volume.getName()));
        }
      }
      return found;
    });
    return new Inventory(providerId(), startedAt, Instant.now(), items);
  }

  @Override
  public void purge() throws ProviderException {
    engine.call("remove the agent's volume", Reason.DESTROY_FAILED, client -> {
      for (InspectVolumeResponse volume : client.listVolumesCmd().withFilter("label", List.of(names.filter())).exec().getVolumes()) {
        if (DockerNames.isBundle(volume.getLabels())) {
          client.removeVolumeCmd(volume.getName()).exec();
        }
      }
      BlankImage.removeAll(client, names.filter());
      return true;
    });
  }

  @Override
  public void watch(Consumer<WorkerExit> onExit) {
    agent.prepare();
    watch.start(onExit);
  }

  @Override
  public void close() {
    watch.close();
    engine.close();
  }

  private static String requireSafe(String workerId, Reason reason) throws ProviderException {
    if (!WorkerMark.safe(workerId)) {
      throw new ProviderException(reason, "Expected a worker id of 1 to 63 letters, digits, '.', '_' and '-', but found '"
          + workerId.replaceAll("[^A-Za-z0-9._/-]", "?") + "'");
    }
    return workerId;
  }
}
