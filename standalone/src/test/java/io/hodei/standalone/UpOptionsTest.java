package io.hodei.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpOptionsTest {
  @Test
  void allOptionsInBothSpellings() {
    UpOptions options = UpOptions.parse(List.of("--provider", "process", "--data=/x/y", "--port", "8180", "--detach", "--separate"));

    assertEquals(Path.of("/x/y"), options.directory().root());
    assertEquals(OptionalInt.of(8180), options.port());
    assertTrue(options.detach());
    assertTrue(options.separate());
  }

  @Test
  void withoutOptionsNoPortIsInsistedOn() {
    UpOptions options = UpOptions.parse(List.of());

    assertEquals(OptionalInt.empty(), options.port());
    assertFalse(options.detach());
    assertFalse(options.separate());
  }

  @Test
  void aProviderIsTakenByNameAndNoneIsInsistedOn() {
    for (String provider : List.of("process", "docker", "kubernetes")) {
      assertEquals(Optional.of(provider), UpOptions.parse(List.of("--provider", provider)).provider());
    }
    assertEquals(Optional.empty(), UpOptions.parse(List.of()).provider());
  }

  @Test
  void aProviderThatIsNotBuiltIsRefusedByName() {
    StandaloneException refusal = refusal("--provider", "nomad");

    assertEquals("Expected --provider process, docker or kubernetes, but found \"nomad\".", refusal.getMessage());
    assertEquals(2, refusal.exitCode());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "65536", "-1", "eight", "80 80", "99999999999"})
  void whatIsNoPortIsRefused(String port) {
    assertEquals("Expected a port from 1 to 65535 after --port, but found \"" + port + "\".", refusal("--port", port).getMessage());
  }

  @Test
  void aMissingValueIsRefused() {
    assertEquals("Expected a value after --data, but found none.", refusal("--data").getMessage());
    assertEquals("Expected a value after --data, but found none.", refusal("--data", "").getMessage());
  }

  @Test
  void anUnknownOptionIsRefusedByName() {
    assertTrue(refusal("--detatch").getMessage().contains("\"--detatch\""));
  }

  @Test
  void aWrongServiceNameListsTheFive() {
    String refusal = assertThrows(StandaloneException.class, () -> Component.service("broker")).getMessage();

    assertEquals("Expected one of job-api, dispatcher, lifecycle-service, gc-service, audit-service, but found \"broker\".", refusal);
  }

  private static StandaloneException refusal(String... arguments) {
    return assertThrows(StandaloneException.class, () -> UpOptions.parse(List.of(arguments)));
  }
}
