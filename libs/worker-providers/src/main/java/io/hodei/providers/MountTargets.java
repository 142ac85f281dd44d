package io.hodei.providers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Mount;
import io.hodei.providers.ProviderException.Reason;
import java.io.IOException;
import java.io.InputStream;

/// Where a mount really leads. The engine follows the links of an image, so a target that is checked as a text could be the agent's own directory, or
/// the one that its token is put into.
final class MountTargets {
  private static final int HEADER = 512;
  private static final int TYPE = 156;

  private MountTargets() {}

  /// Refuses a container, made and not started, in which a part of a target is a link.
  static void require(DockerClient client, String container, DockerOptions options, String workerId) throws ProviderException, IOException {
    for (Mount mount : options.mounts()) {
      String target = String.valueOf(mount.getTarget());
      for (int end = target.indexOf('/', 1); end != 0; end = end < 0 ? 0 : target.indexOf('/', end + 1)) {
        String part = end < 0 ? target : target.substring(0, end);
        if (isLink(client, container, part)) {
          throw new ProviderException(Reason.START_FAILED, "Expected target " + target + " of a mount of worker " + workerId + " to be a directory of its image, but " + part
              + " is a link in it; name the directory that it leads to");
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
