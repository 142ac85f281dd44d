package io.hodei.providers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.transport.DockerHttpClient;
import io.hodei.providers.ProviderException.Reason;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where a mount really leads. The engine follows the links of an image, so a target that is checked as a text could be the agent's own directory, or
/// the one that its token is put into.
final class MountTargets {
  static final String ADVICE = "Name a directory of the image, or nothing that it has, as target of each of providerConfig.docker.mounts of the job, or of its pool's template, and none within another.";

  private static final String STAT = "X-Docker-Container-Path-Stat";
  private static final Path OURS = AgentBundle.HOME.getParent();
  private static final int OK = 200;
  private static final int MISSING = 404;
  /// Of a link, in the mode as the engine writes it (Go's ModeSymlink).
  private static final long LINK = 1L << 27;
  private static final ObjectMapper JSON = new ObjectMapper();

  private MountTargets() {}

  /// Refuses a container, made and not started, in which a part of a target is a link, or in which a volume of the image lies over what is ours. An image may have its volumes
  /// behind links elsewhere, as many do (/var/run).
  static void require(DockerClient client, String container, DockerOptions options, Set<String> imageVolumes, String workerId) throws ProviderException, IOException {
    List<String> targets = new ArrayList<>(options.mounts().stream().map(mount -> String.valueOf(mount.getTarget())).toList());
    if (!targets.isEmpty()) {
      // Were ours links, then a target could be what they lead to.
      targets.addAll(List.of(AgentBundle.HOME.toString(), DockerContainers.WORK));
    }
    for (String target : targets) {
      Real real = real(client, container, target, words -> new ProviderException(Reason.START_FAILED, "Expected to mount what the job mounts, at " + target
          + " among others, but " + words, ADVICE, null));
      if (real.link() != null) {
        throw new ProviderException(Reason.START_FAILED, "Expected " + target + ", where something is mounted for worker " + workerId + ", to be a directory of its image, but " + real.link()
            + " is a link in it; name the directory that it leads to", "Name as target in providerConfig.docker.mounts the directory that " + real.link()
            + " of the image leads to, or take an image without that link.", null);
      }
    }
    for (String volume : imageVolumes) {
      Blame blames = words -> new ProviderException(Reason.IMAGE_ERROR, "Expected an image that leaves " + OURS + " to Hodei, but it declares a VOLUME " + volume + ", and " + words
          + "; build it without that", "Build the image without a VOLUME that leads to " + OURS + ".", null);
      Path real = real(client, container, volume, blames).path();
      if (real.startsWith(OURS) || OURS.startsWith(real)) {
        throw blames.of("that leads to " + real);
      }
    }
  }

  /// Whose fault it is that something cannot be mounted, in words that end a sentence.
  @FunctionalInterface
  private interface Blame {
    ProviderException of(String words);
  }

  /// Where a path of the container leads, and the first link on the way; null: none.
  private record Real(Path path, @Nullable String link) {}

  private static Real real(DockerClient client, String container, String path, Blame blames) throws ProviderException, IOException {
    Path real = Path.of("/");
    String link = null;
    for (Path part : Path.of("/").resolve(path).normalize()) {
      Path next = real.resolve(part);
      String leads = leadsTo(client, container, next.toString(), blames);
      link = leads != null && link == null ? next.toString() : link;
      real = leads == null ? next : Path.of("/").resolve(leads).normalize();
    }
    return new Real(real, link);
  }

  /// Where in the container this path leads if it is a link, all further links included; null: it is none, or is not there. Asked for by its head alone: the answer's body would be all that is below the path, and has to be
  /// read to its end.
  private static @Nullable String leadsTo(DockerClient client, String container, String path, Blame blames) throws ProviderException, IOException {
    DockerHttpClient http = ((DockerClientImpl) client).getHttpClient();
    DockerHttpClient.Request look = DockerHttpClient.Request.builder().method("HEAD")
        .path("/containers/" + container + "/archive?path=" + URLEncoder.encode(path, StandardCharsets.UTF_8)).build();
    try (DockerHttpClient.Response answer = http.execute(look)) {
      if (answer.getStatusCode() == MISSING) {
        return null;
      }
      String stat = answer.getHeader(STAT);
      if (answer.getStatusCode() != OK || stat == null) {
        throw blames.of("the Docker engine cannot mount all of it (status " + answer.getStatusCode() + ")");
      }
      JsonNode seen = JSON.readTree(Base64.getDecoder().decode(stat));
      return (seen.path("mode").asLong() & LINK) == 0 ? null : seen.path("linkTarget").asText();
    }
  }
}
