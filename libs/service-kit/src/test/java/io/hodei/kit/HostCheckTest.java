package io.hodei.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostCheckTest {
  private final HostCheck hosts = new HostCheck("127.0.0.1", "hodei.example, jobs.example");

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST:8080", "127.0.0.1:1", "[::1]:8080", "[::1]", "hodei.example:443", "jobs.example"})
  void takesLoopbackAndConfiguredNamesWithAnyPort(String host) {
    assertNull(hosts.refusal(host, null));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example:8080", "[::2]", "0.0.0.0", "localhost@evil"})
  void refusesEveryOtherHost(String host) {
    assertEquals(403, hosts.refusal(host, null).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://evil.example", "null", "http://localhost:3000", "http://localhost", "localhost:8080", "", "http://[bad"})
  void refusesForeignOrigins(String origin) {
    assertNotNull(hosts.refusal("localhost:8080", origin));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost:8080", "http://LOCALHOST:8080", "https://localhost:8080"})
  void takesItsOwnOrigin(String origin) {
    assertNull(hosts.refusal("localhost:8080", origin));
  }
}
