package io.hodei.kit;

import java.net.URI;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Refuses calls that a browser was talked into: a Host that is not ours (DNS rebinding), an Origin that is not the Host.
public final class HostCheck {
  private final Set<String> names = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));

  /// `bound` is the address that the service binds, `more` a comma-separated list of further names.
  public HostCheck(String bound, String more) {
    names.add(bound.contains(":") ? "[" + bound + "]" : bound);
    for (String name : more.split(",")) {
      if (!name.isBlank()) {
        names.add(name.trim().toLowerCase(Locale.ROOT));
      }
    }
  }

  /// What is wrong with the call; null when nothing is.
  public @Nullable Problem refusal(@Nullable String authority, @Nullable String origin) {
    String host = authority == null ? "" : authority.toLowerCase(Locale.ROOT);
    if (!names.contains(nameOf(host))) {
      return new Problem(403, "foreign-host", "Expected a Host among " + String.join(", ", names.stream().sorted().toList())
          + ", but found \"" + host + "\"; call the server by one of these names, or add yours to hodei.api.allowed-hosts.");
    }
    if (origin != null && !withPort(host, "http").equals(hostOf(origin))) {
      return new Problem(403, "foreign-origin", "Expected no Origin, or that of this server, but found \"" + origin
          + "\"; calls from pages of other sites are refused.");
    }
    return null;
  }

  private static String nameOf(String host) {
    int end = host.startsWith("[") ? host.indexOf(']') + 1 : host.indexOf(':');
    return end > 0 ? host.substring(0, end) : host;
  }

  private static String hostOf(String origin) {
    try {
      URI uri = URI.create(origin.toLowerCase(Locale.ROOT));
      return uri.getAuthority() == null || uri.getScheme() == null ? "" : withPort(uri.getAuthority(), uri.getScheme());
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private static String withPort(String authority, String scheme) {
    boolean hasPort = nameOf(authority).length() < authority.length();
    return hasPort ? authority : authority + (scheme.equals("https") ? ":443" : ":80");
  }
}
