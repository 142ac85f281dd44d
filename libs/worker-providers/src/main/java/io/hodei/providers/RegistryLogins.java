package io.hodei.providers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.model.AuthConfig;
import io.hodei.providers.ProviderException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/// The operator's logins for registries, in a file as `docker login` writes it. Read again for each image that is fetched, so that it may be changed at
/// any time; nothing of it is kept, logged or said. Any thread.
record RegistryLogins(Path file) {
  static final String HUB = "docker.io";

  /// As Docker's own file names its hub.
  private static final String HUB_KEY = "https://index.docker.io/v1/";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /// Of the user whose process this is.
  static Path ofUser() {
    String directory = System.getenv("DOCKER_CONFIG");
    return (directory == null || directory.isBlank() ? Path.of(System.getProperty("user.home", "/"), ".docker") : Path.of(directory)).resolve("config.json");
  }

  /// The login for the registry of this image; empty when there is none, or no file.
  ///
  /// @throws ProviderException IMAGE_ERROR when there is one and it cannot be read
  Optional<AuthConfig> of(String image) throws ProviderException {
    String registry = registryOf(image);
    try {
      JsonNode all = MAPPER.readTree(Files.readAllBytes(file));
      for (Map.Entry<String, JsonNode> each : all.path("auths").properties()) {
        if (hostOf(each.getKey()).equals(registry)) {
          return Optional.of(login(registry, each.getKey(), each.getValue()));
        }
      }
      return Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (JsonProcessingException e) {
      // Its message may quote the file.
      throw unreadable("it is no JSON");
    } catch (IOException e) {
      throw unreadable(String.valueOf(e));
    }
  }

  private AuthConfig login(String registry, String key, JsonNode of) throws ProviderException {
    AuthConfig login = new AuthConfig().withRegistryAddress(registry.equals(HUB) ? HUB_KEY : registry);
    if (of.hasNonNull("identitytoken")) {
      return login.withIdentityToken(of.path("identitytoken").asText());
    }
    if (!of.path("auth").asText().isEmpty()) {
      String pair = decoded(key, of.path("auth").asText());
      int colon = pair.indexOf(':');
      if (colon > 0) {
        return login.withUsername(pair.substring(0, colon)).withPassword(pair.substring(colon + 1));
      }
    } else if (of.hasNonNull("username") && of.hasNonNull("password")) {
      return login.withUsername(of.path("username").asText()).withPassword(of.path("password").asText());
    }
    throw unreadable("its entry " + key + " has neither auth nor identitytoken (programs that keep credentials, credHelpers and credsStore, are not built yet)");
  }

  private String decoded(String key, String auth) throws ProviderException {
    try {
      return new String(Base64.getDecoder().decode(auth), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw unreadable("the auth of its entry " + key + " is no Base64");
    }
  }

  private ProviderException unreadable(String why) {
    return new ProviderException(Reason.IMAGE_ERROR, "Expected logins for registries in " + file + " as docker login writes them, but " + why
        + "; correct the file that hodei.docker.registry-config names");
  }

  /// `docker.io` for an image that names no registry.
  static String registryOf(String image) {
    int slash = image.indexOf('/');
    String first = slash < 0 ? "" : image.substring(0, slash);
    boolean registry = first.equals("localhost") || first.indexOf('.') >= 0 || first.indexOf(':') >= 0;
    return registry ? hostOf(first) : HUB;
  }

  private static String hostOf(String key) {
    String host = key.replaceFirst("^https?://", "").replaceFirst("/.*$", "");
    return host.equals("index.docker.io") || host.equals("registry-1.docker.io") ? HUB : host;
  }
}
