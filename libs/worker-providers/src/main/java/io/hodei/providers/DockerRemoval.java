package io.hodei.providers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Container;
import io.hodei.providers.ProviderException.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// Removes all that carries a worker's labels, whatever it is called, and looks until there is nothing. Runs on the caller's thread.
final class DockerRemoval {
  static final Set<String> LIVING = Set.of("running", "paused", "restarting");

  private static final Duration GONE_WITHIN = Duration.ofSeconds(30);
  private static final long LOOK_MS = 20;
  private static final long LONGEST_GRACE_SECONDS = 50;

  private final DockerClient client;
  private final DockerNames names;
  private final String workerId;

  DockerRemoval(DockerClient client, DockerNames names, String workerId) {
    this.client = client;
    this.names = names;
    this.workerId = workerId;
  }

  /// Returns when a look has found nothing; answers whether there was something. `grace`: between the polite and the forced kill.
  boolean run(Duration grace) throws ProviderException {
    List<Container> containers = containers();
    boolean existed = !containers.isEmpty();
    for (Container container : containers) {
      if (grace.isPositive() && LIVING.contains(container.getState())) {
        ask(container.getId(), grace);
      }
    }
    long deadline = System.nanoTime() + GONE_WITHIN.toNanos();
    while (!containers.isEmpty()) {
      for (Container container : containers) {
        remove(container.getId());
      }
      containers = containers();
      if (!containers.isEmpty()) {
        if (System.nanoTime() > deadline) {
          throw new ProviderException(Reason.DESTROY_FAILED, "Expected container " + containers.getFirst().getId() + " of worker " + workerId
              + " gone within " + GONE_WITHIN.toSeconds() + " s, but it is still there; see the Docker engine's log");
        }
        pause();
      }
    }
    return removeVolumes() || existed;
  }

  private List<Container> containers() {
    return client.listContainersCmd().withShowAll(true).withLabelFilter(filter()).exec().stream()
        .filter(each -> DockerNames.isOf(workerId, each.getLabels())).toList();
  }

  private List<String> filter() {
    return List.of(names.filter(), WorkerMark.standsIn(workerId) ? DockerNames.WORKER : DockerNames.WORKER + "=" + workerId);
  }

  private boolean removeVolumes() {
    boolean existed = false;
    for (InspectVolumeResponse volume : client.listVolumesCmd().withFilter("label", filter()).exec().getVolumes()) {
      if (DockerNames.isOf(workerId, volume.getLabels())) {
        existed = true;
        try {
          client.removeVolumeCmd(volume.getName()).exec();
        } catch (NotFoundException e) {
          // Somebody else was faster.
        }
      }
    }
    return existed;
  }

  private void ask(String container, Duration grace) {
    try {
      client.stopContainerCmd(container).withTimeout(Math.toIntExact(Math.clamp(grace.toSeconds(), 1, LONGEST_GRACE_SECONDS))).exec();
    } catch (NotModifiedException | NotFoundException e) {
      // It has stopped already.
    }
  }

  private void remove(String container) {
    try {
      client.removeContainerCmd(container).withForce(true).withRemoveVolumes(true).exec();
    } catch (NotFoundException | ConflictException e) {
      // It is gone, or somebody else is removing it: the next look tells.
    }
  }

  private static void pause() throws ProviderException {
    try {
      Thread.sleep(LOOK_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProviderException(Reason.DESTROY_FAILED, "Interrupted while a container was removed", e);
    }
  }
}
