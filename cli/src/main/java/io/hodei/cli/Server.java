package io.hodei.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which Hodei a command speaks to. `local`: it runs on this machine from the data directory `data`, so that paths of the
/// caller are paths of its workers; `given`: HODEI_URL names it; `recorded`: a running `up` has told its address, or HODEI_URL
/// does; `asked`: --data names the directory.
record Server(String url, boolean local, boolean given, boolean recorded, Path data, boolean asked, @Nullable String token) {
  private static final String STANDARD = "http://127.0.0.1:8080";

  /// HODEI_URL, else what the `up` of the data directory recorded.
  ///
  /// @throws Failure when HODEI_URL is no URL of a server
  static Server find(Surroundings world, @Nullable Path askedData) {
    Path data = world.directory().resolve(askedData == null ? world.defaultData() : askedData).normalize();
    boolean asked = askedData != null;
    Optional<String> recorded = recorded(data);
    String given = world.variable("HODEI_URL");
    String token = world.variable("HODEI_TOKEN");
    if (given != null) {
      String url = checked(given);
      boolean local = recorded.isPresent() && sameServer(url, recorded.get());
      return new Server(url, local, true, true, data, asked, token);
    }
    return new Server(recorded.orElse(STANDARD), true, false, recorded.isPresent(), data, asked, token);
  }

  private static Optional<String> recorded(Path data) {
    LocalInstallation installation = new LocalInstallation(data);
    return installation.exists() ? installation.apiUrl().filter(url -> !url.isEmpty()) : Optional.empty();
  }

  private static String checked(String given) {
    try {
      URI uri = URI.create(given);
      if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null) {
        return given.replaceFirst("/+$", "");
      }
    } catch (IllegalArgumentException e) {
      throw Failure.usage("Expected a URL such as " + STANDARD + " in HODEI_URL, but found \"" + given + "\"; correct it.");
    }
    throw Failure.usage("Expected a URL such as " + STANDARD + " in HODEI_URL, but found \"" + given + "\"; correct it.");
  }

  /// Whether both name the same port of this machine.
  private static boolean sameServer(String one, String other) {
    URI a = URI.create(one);
    URI b = URI.create(other);
    return isLoopback(a.getHost()) && isLoopback(b.getHost()) && port(a) == port(b);
  }

  private static boolean isLoopback(@Nullable String host) {
    return host != null && (host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]"));
  }

  private static int port(URI uri) {
    return uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
  }

  NobodyThere nobodyThere() {
    return recorded ? NobodyThere.at(url, given) : NobodyThere.in(data, asked);
  }
}
