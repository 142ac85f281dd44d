package io.hodei.providers;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.PullResponseItem;
import io.hodei.providers.DockerSite.Pull;
import io.hodei.providers.ProviderException.Reason;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The images that jobs name, on the engine: looked for, fetched as the policy says, and refused when an agent cannot run in them. Any thread; one
/// image is fetched once at a time.
final class DockerImages {
  private static final long PULL_MINUTES = 10;
  /// At most so many at once; two images may share a lock.
  private static final int FETCHES = 16;

  private final DockerEngine engine;
  private final Pull pull;
  private final RegistryLogins logins;
  private final Object[] locks = Stream.generate(Object::new).limit(FETCHES).toArray();

  DockerImages(DockerEngine engine, Pull pull, RegistryLogins logins) {
    this.engine = engine;
    this.pull = pull;
    this.logins = logins;
  }

  /// What the image declares; it is fetched when the policy says so.
  ///
  /// @throws ProviderException IMAGE_ERROR when it is not there and cannot be fetched, or is for another machine
  ImageConfig configOf(String image) throws ProviderException {
    Optional<InspectImageResponse> there = pull == Pull.ALWAYS ? Optional.empty() : find(image);
    InspectImageResponse found = there.isPresent() ? there.get() : fetched(image);
    if (!"linux".equals(found.getOs()) || !"amd64".equals(found.getArch())) {
      throw new ProviderException(Reason.IMAGE_ERROR, "Expected an image for linux/amd64, but " + image + " is for " + found.getOs() + "/" + found.getArch()
          + "; choose one for this machine", "Choose an image for linux/amd64: docker pull --platform linux/amd64 " + image + ", or build it for that.", null);
    }
    return ImageConfig.of(found.getConfig());
  }

  private Optional<InspectImageResponse> find(String image) throws ProviderException {
    return engine.call("find image " + image, Reason.IMAGE_ERROR, client -> {
      try {
        return Optional.of(client.inspectImageCmd(image).exec());
      } catch (NotFoundException e) {
        return Optional.empty();
      }
    });
  }

  private InspectImageResponse fetched(String image) throws ProviderException {
    if (pull == Pull.NEVER) {
      throw missing(image, "hodei.docker.pull is never", null);
    }
    synchronized (locks[Math.floorMod(image.hashCode(), locks.length)]) {
      Optional<InspectImageResponse> meanwhile = pull == Pull.ALWAYS ? Optional.empty() : find(image);
      if (meanwhile.isPresent()) {
        return meanwhile.get();
      }
      fetch(image);
      return find(image).orElseThrow(() -> missing(image, "the engine fetched it and does not have it", null));
    }
  }

  private void fetch(String image) throws ProviderException {
    Optional<AuthConfig> login = logins.of(image);
    String tried = (login.isPresent() ? " (with the login for " : " (without a login for ") + RegistryLogins.registryOf(image) + " of hodei.docker.registry-config)";
    boolean exact = image.indexOf('@') >= 0 || image.indexOf(':', image.lastIndexOf('/') + 1) >= 0;
    Telling told = new Telling();
    boolean done = engine.stream("fetch image " + image, Reason.IMAGE_ERROR, client -> {
      try {
        // An empty one, or the client would look for one of its user's by itself.
        return client.pullImageCmd(exact ? image : image + ":latest").withAuthConfig(login.orElseGet(AuthConfig::new)).exec(told).awaitCompletion(PULL_MINUTES, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      } catch (DockerException e) {
        throw missing(image, "the engine says: " + DockerEngine.said(e) + tried, e);
      }
    });
    if (!done) {
      throw missing(image, "fetching it took longer than " + PULL_MINUTES + " min", null);
    }
    if (told.trouble != null) {
      throw missing(image, "the engine says: " + told.trouble + tried, null);
    }
  }

  /// What the engine tells while it fetches: an answer that begins well may still end badly.
  private static final class Telling extends ResultCallback.Adapter<PullResponseItem> {
    private volatile @Nullable String trouble;

    @Override
    public void onNext(PullResponseItem item) {
      if (item.getErrorDetail() != null) {
        trouble = String.valueOf(item.getErrorDetail().getMessage()).strip();
      }
    }
  }

  private static ProviderException missing(String image, String why, @Nullable Exception cause) {
    return new ProviderException(Reason.IMAGE_ERROR, "Expected image " + image + " on the Docker engine or in its registry, but " + why,
        "Correct its name, or bring it there: docker pull " + image + ".", cause == null ? new IllegalStateException(why) : cause);
  }
}
