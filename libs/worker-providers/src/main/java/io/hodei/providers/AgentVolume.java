package io.hodei.providers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.VolumeOptions;
import io.hodei.providers.ProviderException.Reason;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The volume that brings the agent into containers, read only: one per installation and content, filled once. It is whole when it has our label
/// and no container is filling it, so a filling that was cut is begun anew. No image of a job has a say in it. Any thread.
final class AgentVolume implements ContainerAgent {
  private static final Logger LOG = LoggerFactory.getLogger(AgentVolume.class);

  private final DockerEngine engine;
  private final DockerSite site;
  private final DockerNames names;
  private volatile @Nullable AgentBundle bundle;
  private volatile @Nullable List<String> command;
  private volatile boolean whole;

  AgentVolume(DockerEngine engine, DockerSite site, DockerNames names) {
    this.engine = engine;
    this.site = site;
    this.names = names;
  }

  @Override
  public List<String> command() throws ProviderException {
    List<String> known = command;
    if (known == null) {
      known = bundle().command();
      command = known;
    }
    return known;
  }

  @Override
  public String volume() throws ProviderException {
    String name = name();
    // Somebody may have removed it, and the engine would make an empty one in its place.
    if (!isThere(name)) {
      synchronized (this) {
        if (!isThere(name)) {
          fill(name);
          whole = true;
        }
      }
    }
    return name;
  }

  @Override
  public void prepare() {
    Thread.ofVirtual().name("agent-bundle").start(() -> {
      try {
        bundle();
      } catch (ProviderException e) {
        LOG.warn("What an agent needs in a container cannot be made: message={}", e.getMessage());
      }
    });
  }

  private synchronized AgentBundle bundle() throws ProviderException {
    AgentBundle known = bundle;
    if (known == null) {
      known = AgentBundle.of(site.agentDir(), site.javaHome(), site.bundlesDir());
      bundle = known;
    }
    return known;
  }

  private String name() throws ProviderException {
    return "hodei-agent-" + site.installationId() + "-" + bundle().id();
  }

  private boolean isThere(String name) throws ProviderException {
    return whole && engine.call("look for volume " + name, Reason.START_FAILED, client -> isFilled(client, name));
  }

  private void fill(String name) throws ProviderException {
    AgentBundle content = bundle();
    String filler = name + "-filler";
    engine.call("bring the agent into volume " + name, Reason.START_FAILED, client -> {
      boolean cut = remove(client, filler);
      if (!cut && isFilled(client, name)) {
        return name;
      }
      removeVolume(client, name);
      long start = System.nanoTime();
      BlankImage blank = BlankImage.of(name, names.bundleLabels(content));
      blank.load(client);
      client.createContainerCmd(blank.name()).withName(filler).withLabels(names.bundleLabels(content)).withCmd("none").withNetworkDisabled(true)
          .withHostConfig(HostConfig.newHostConfig().withMounts(List.of(new Mount().withType(MountType.VOLUME).withSource(name)
              .withTarget(AgentBundle.HOME.toString()).withVolumeOptions(new VolumeOptions().withNoCopy(true).withLabels(names.bundleLabels(content))))))
          .exec();
      copy(client, content, filler);
      remove(client, filler);
      BlankImage.removeAll(client, names.filter());
      removeOthers(client, name);
      LOG.info("agent_volume_filled volume={} ms={}", name, (System.nanoTime() - start) / 1_000_000);
      return name;
    });
  }

  private static void copy(DockerClient client, AgentBundle content, String filler) throws IOException {
    Path tar = Files.createTempFile("hodei-agent", ".tar");
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(tar))) {
        TarArchive.ofDirectory(content.root(), "", out);
      }
      try (InputStream in = new BufferedInputStream(Files.newInputStream(tar))) {
        client.copyArchiveToContainerCmd(filler).withRemotePath(AgentBundle.HOME.toString()).withTarInputStream(in).exec();
      }
    } finally {
      Files.deleteIfExists(tar);
    }
  }

  /// The engine makes a volume that is missing, empty and without labels.
  private boolean isFilled(DockerClient client, String name) {
    try {
      InspectVolumeResponse volume = client.inspectVolumeCmd(name).exec();
      Map<String, String> labels = volume.getLabels();
      return names.isOurs(labels) && DockerNames.isBundle(labels);
    } catch (NotFoundException e) {
      return false;
    }
  }

  /// Whether there was such a container of ours.
  private boolean remove(DockerClient client, String container) throws ProviderException {
    try {
      if (!names.isOurs(client.inspectContainerCmd(container).exec())) {
        throw new ProviderException(Reason.START_FAILED, "Expected the name " + container + " to be free on the Docker engine, but a container that is not ours has it; remove or rename that one");
      }
      client.removeContainerCmd(container).withForce(true).withRemoveVolumes(true).exec();
      return true;
    } catch (NotFoundException e) {
      return false;
    }
  }

  private static void removeVolume(DockerClient client, String name) {
    try {
      client.removeVolumeCmd(name).exec();
    } catch (NotFoundException e) {
      // It is not there, as it shall be.
    }
  }

  /// What earlier versions of the agent have left, unless a worker still uses it.
  private void removeOthers(DockerClient client, String current) {
    for (InspectVolumeResponse volume : client.listVolumesCmd().withFilter("label", List.of(names.filter())).exec().getVolumes()) {
      if (DockerNames.isBundle(volume.getLabels()) && !volume.getName().equals(current)) {
        try {
          removeVolume(client, volume.getName());
        } catch (ConflictException e) {
          LOG.debug("Still in use: volume={}", volume.getName());
        } catch (DockerException e) {
          LOG.warn("An earlier agent's volume was not removed: volume={} cause=\"{}\"", volume.getName(), DockerEngine.said(e));
        }
      }
    }
  }
}
