package io.hodei.providers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.dockerjava.api.model.AuthConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryLoginsTest {
  @TempDir
  private Path folder = Path.of("set by JUnit");

  private RegistryLogins logins(String text) throws IOException {
    return new RegistryLogins(Files.writeString(folder.resolve("config.json"), text));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void theRegistryIsTheFirstPartOfANameThatLooksLikeAHost() {
    assertEquals("docker.io", RegistryLogins.registryOf("debian:12"));
    assertEquals("docker.io", RegistryLogins.registryOf("library/debian"));
    assertEquals("docker.io", RegistryLogins.registryOf("index.docker.io/library/debian"));
    assertEquals("localhost", RegistryLogins.registryOf("localhost/a"));
    assertEquals("localhost:5000", RegistryLogins.registryOf("localhost:5000/a:1"));
    assertEquals("reg.example", RegistryLogins.registryOf("reg.example/team/a@sha256:00"));
  }

  @Test
  void eachRegistryHasItsOwnLoginAsDockerWritesIt() throws Exception {
    RegistryLogins logins = logins("{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"" + base64("ann:a:b") + "\"},\"reg.example\":{\"username\":\"bo\",\"password\":\"p\"},"
        + "\"https://token.example/v2/\":{\"identitytoken\":\"t\"}}}");
    AuthConfig hub = logins.of("debian:12").orElseThrow();
    assertEquals("ann a:b https://index.docker.io/v1/", hub.getUsername() + " " + hub.getPassword() + " " + hub.getRegistryAddress());
    AuthConfig own = logins.of("reg.example/a").orElseThrow();
    assertEquals("bo p reg.example", own.getUsername() + " " + own.getPassword() + " " + own.getRegistryAddress());
    assertEquals("t", logins.of("token.example/a").orElseThrow().getIdentitytoken());
    assertEquals(Optional.empty(), logins.of("other.example/a"));
  }

  @Test
  void withoutAFileThereIsNoLogin() throws Exception {
    assertEquals(Optional.empty(), new RegistryLogins(folder.resolve("none")).of("debian"));
  }

  // proves: invariant:I11
  @Test
  void whatCannotBeReadIsToldWithoutQuotingIt() throws Exception {
    for (String text : new String[] {"{\"auths\":{\"reg.example\":{\"auth\":\"s3cret!\"}}}", "{\"auths\": s3cret!", "{\"auths\":{\"reg.example\":{\"auth\":\"" + base64("s3cret!") + "\"}}}",
        "{\"auths\":{\"reg.example\":{}},\"credsStore\":\"s3cret!\"}"}) {
      ProviderException told = assertThrows(ProviderException.class, () -> logins(text).of("reg.example/a"), text);
      assertTrue(told.getMessage().contains("hodei.docker.registry-config"), told.getMessage());
      assertFalse((told + " " + told.getCause()).contains("s3cret"), told.getMessage());
    }
  }
}
