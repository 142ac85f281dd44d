package io.hodei.providers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Network;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.core.RemoteApiVersion;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.hodei.providers.ProviderException.Reason;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A Docker engine, found and spoken to in a version of its API that it knows. Any thread. It need not be there when this is made: every call
/// finds it anew until one has answered.
public final class DockerEngine implements AutoCloseable {
  /// The newest version of the API that we were written for, and the oldest that has all that we need (Debian 12's engine).
  static final RemoteApiVersion NEWEST = RemoteApiVersion.VERSION_1_44;
  static final RemoteApiVersion OLDEST = RemoteApiVersion.VERSION_1_41;

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(60);
  private static final Duration PING = Duration.ofSeconds(2);
  private static final int CONNECTIONS = 128;

  private final @Nullable String configured;
  private final Object opening = new Object();
  private volatile @Nullable Clients clients;
  private final Object pinging = new Object();
  private @Nullable FutureTask<Boolean> ping;

  private record Clients(URI host, DockerClient calls, DockerClient streams, DockerClient ping) {}

  /// What is done with a client; every exception of it is translated.
  @FunctionalInterface
  interface Act<T> {
    T on(DockerClient client) throws ProviderException, IOException;
  }

  /// `configured`: `unix:///…` or `tcp://…`; null: DOCKER_HOST, else the first socket of the usual ones that is there.
  public DockerEngine(@Nullable String configured) {
    this.configured = configured == null || configured.isBlank() ? null : configured;
  }

  /// Its address, version and API version, in words.
  ///
  /// @throws ProviderException PROVIDER_UNREACHABLE when there is none or it does not answer
  public String describe() throws ProviderException {
    Clients open = open();
    return call("tell its version", Reason.PROVIDER_UNREACHABLE,
        client -> open.host() + ", version " + client.versionCmd().exec().getVersion() + ", API " + client.versionCmd().exec().getApiVersion());
  }

  /// The address of the engine's machine inside this network; empty when it has none, as `host` and `none` have not.
  ///
  /// @throws ProviderException when there is no such network or no engine
  public Optional<String> addressIn(String network) throws ProviderException {
    Network found = call("find network " + network, Reason.PROVISION_FAILED, client -> client.inspectNetworkCmd().withNetworkId(network).exec());
    List<Network.Ipam.Config> ranges = found.getIpam() == null ? null : found.getIpam().getConfig();
    return ranges == null ? Optional.empty()
        : ranges.stream().map(DockerEngine::gatewayOf).flatMap(Optional::stream).findFirst();
  }

  /// As it is set, else as the engine chooses it: the first address of the range. IPv4 only.
  private static Optional<String> gatewayOf(Network.Ipam.Config range) {
    String gateway = range.getGateway();
    String subnet = range.getSubnet();
    if (gateway != null && !gateway.isEmpty()) {
      return Optional.of(gateway).filter(each -> each.indexOf(':') < 0);
    }
    if (subnet == null || !subnet.matches("(\\d+\\.){3}\\d+/\\d+")) {
      return Optional.empty();
    }
    String first = subnet.substring(0, subnet.indexOf('/'));
    int lastDot = first.lastIndexOf('.');
    return Optional.of(first.substring(0, lastDot + 1) + (Integer.parseInt(first.substring(lastDot + 1)) + 1));
  }

  /// Whether it answers within two seconds. On a thread of its own: the client's limits of time do not hold on a Unix socket, and an engine that is frozen answers nothing for ever.
  boolean answers() {
    try {
      return pinged().get(PING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// One at a time, however long it takes.
  private FutureTask<Boolean> pinged() {
    synchronized (pinging) {
      FutureTask<Boolean> last = ping;
      if (last == null || last.isDone()) {
        last = new FutureTask<>(() -> open().ping().pingCmd().exec() == null);
        ping = last;
        Thread.ofPlatform().name("docker-ping").daemon().start(last);
      }
      return last;
    }
  }

  /// Does it, with at most a minute to each answer. `what` completes "Expected to …".
  <T> T call(String what, Reason reason, Act<T> act) throws ProviderException {
    return translated(what, reason, act, open().calls());
  }

  /// The same for what answers as long as it likes.
  <T> T stream(String what, Reason reason, Act<T> act) throws ProviderException {
    return translated(what, reason, act, open().streams());
  }

  private static <T> T translated(String what, Reason reason, Act<T> act, DockerClient client) throws ProviderException {
    try {
      return act.on(client);
    } catch (DockerException e) {
      throw new ProviderException(reason, "Expected to " + what + ", but the Docker engine says: " + said(e), e);
    } catch (IOException e) {
      throw new ProviderException(reason, "Expected to " + what + ", but: " + e, e);
    } catch (RuntimeException e) {
      if (isTrouble(e)) {
        throw new ProviderException(Reason.PROVIDER_UNREACHABLE, "Expected to " + what + ", but the Docker engine does not answer: " + root(e), e);
      }
      throw e;
    }
  }

  /// The engine's own words.
  static String said(DockerException e) {
    String text = String.valueOf(e.getMessage()).strip();
    int start = text.indexOf("{\"message\":\"");
    int end = text.lastIndexOf("\"}");
    return start >= 0 && end > start ? text.substring(start + 12, end).replace("\\n", " ").replace("\\\"", "\"") : text;
  }

  private static boolean isTrouble(RuntimeException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException) {
        return true;
      }
    }
    return false;
  }

  private static Throwable root(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private Clients open() throws ProviderException {
    Clients known = clients;
    return known != null ? known : opened();
  }

  private Clients opened() throws ProviderException {
    synchronized (opening) {
      Clients known = clients;
      if (known != null) {
        return known;
      }
      URI host = find();
      String version = translated("ask the Docker engine at " + host + " for its version", Reason.PROVIDER_UNREACHABLE,
          client -> {
            try (client) {
              return client.versionCmd().exec().getApiVersion();
            }
          }, client(host, RemoteApiVersion.UNKNOWN_VERSION, ANSWER));
      RemoteApiVersion spoken = RemoteApiVersion.parseConfig(version);
      if (!spoken.isGreaterOrEqual(OLDEST)) {
        throw new ProviderException(Reason.PROVIDER_UNREACHABLE, "Expected a Docker engine with API " + OLDEST.getVersion() + " or newer, but the one at "
            + host + " speaks " + version + "; upgrade it to Docker 20.10 or newer");
      }
      RemoteApiVersion agreed = spoken.isGreaterOrEqual(NEWEST) ? NEWEST : spoken;
      known = new Clients(host, client(host, agreed, ANSWER), client(host, agreed, Duration.ZERO), client(host, agreed, PING));
      clients = known;
      return known;
    }
  }

  private static DockerClient client(URI host, RemoteApiVersion version, Duration answer) {
    DockerClientConfig config = DefaultDockerClientConfig.createDefaultConfigBuilder().withDockerHost(host.toString()).withApiVersion(version).build();
    return DockerClientImpl.getInstance(config, new ZerodepDockerHttpClient.Builder().dockerHost(config.getDockerHost()).sslConfig(config.getSSLConfig())
        .maxConnections(CONNECTIONS).connectionTimeout(CONNECT).responseTimeout(answer).build());
  }

  private URI find() throws ProviderException {
    String given = configured != null ? configured : System.getenv("DOCKER_HOST");
    if (given != null && !given.isBlank()) {
      return URI.create(given);
    }
    List<Path> sockets = sockets();
    for (Path socket : sockets) {
      if (Files.exists(socket)) {
        return URI.create("unix://" + socket);
      }
    }
    throw new ProviderException(Reason.PROVIDER_UNREACHABLE, "Expected a Docker engine, but found no DOCKER_HOST and none of the sockets " + sockets
        + "; install and start one (Debian: apt-get install docker.io), or set hodei.docker.host");
  }

  /// The engine of the system, then rootless ones of this user.
  private static List<Path> sockets() {
    List<Path> sockets = new ArrayList<>(List.of(Path.of("/var/run/docker.sock")));
    String runtime = System.getenv("XDG_RUNTIME_DIR");
    if (runtime != null) {
      sockets.add(Path.of(runtime, "docker.sock"));
    }
    Path home = Path.of(System.getProperty("user.home", "/"));
    sockets.add(home.resolve(".docker/run/docker.sock"));
    sockets.add(home.resolve(".docker/desktop/docker.sock"));
    return sockets;
  }

  @Override
  public void close() {
    Clients open = clients;
    if (open != null) {
      for (DockerClient client : List.of(open.calls(), open.streams(), open.ping())) {
        try {
          client.close();
        } catch (IOException e) {
          // It is of no use any more, closed or not.
        }
      }
      clients = null;
    }
  }
}
