package io.hodei.providers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import io.hodei.providers.ProviderException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/// Where a mount really leads. The engine follows the links of an image, so a target that is checked as a text could be the agent's own directory, or
/// the one that its token is put into.
final class MountTargets {
  private static final int HEADER = 512;
  private static final int TYPE = 156;

  private MountTargets() {}

  /// Refuses a container, made and not started, in which a part of a target is a link.
  static void require(DockerClient client, String container, DockerOptions options, String workerId) throws ProviderException, IOException {
    List<String> targets = new ArrayList<>(options.mounts().stream().map(mount -> String.valueOf(mount.getTarget())).toList());
    if (!targets.isEmpty()) {
      // Were ours links, then a target could be what they lead to.
      targets.addAll(List.of(AgentBundle.HOME.toString(), DockerContainers.WORK));
    }
    for (String target : targets) {
      for (int end = target.indexOf('/', 1); end != 0; end = end < 0 ? 0 : target.indexOf('/', end + 1)) {
        String part = end < 0 ? target : target.substring(0, end);
        if (isLink(client, container, part)) {
          throw new ProviderException(Reason.START_FAILED, "Expected " + target + ", where something is mounted for worker " + workerId + ", to be a directory of its image, but " + part
              + " is a link in it; name the directory that it leads to", "Name as target in providerConfig.docker.mounts the directory that " + part + " of the image leads to, or take an image without that link.", null);
        }
      }
    }
  }

  /// The engine answers with an archive; its first entry is the path itself, never what a link leads to.
  private static boolean isLink(DockerClient client, String container, String path) throws IOException {
    try (InputStream archive = client.copyArchiveFromContainerCmd(container, path).exec()) {
      byte[] header = archive.readNBytes(HEADER);
      return header.length == HEADER && header[TYPE] == '2';
    } catch (NotFoundException e) {
      return false;
    }
  }
}
