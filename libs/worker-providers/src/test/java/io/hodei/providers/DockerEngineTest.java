package io.hodei.providers;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class DockerEngineTest {
  @TempDir
  private Path folder = Path.of("set by JUnit");

  /// As one that is frozen: the kernel takes the connection, and nobody reads from it.
  // proves: seed:gap-circuit-breaker
  @Test
  @Timeout(60)
  void anEngineThatTakesCallsAndAnswersNoneDoesNotAnswer() throws Exception {
    Path socket = folder.resolve("engine.sock");
    try (ServerSocketChannel frozen = ServerSocketChannel.open(StandardProtocolFamily.UNIX); DockerEngine engine = new DockerEngine("unix://" + socket)) {
      frozen.bind(UnixDomainSocketAddress.of(socket));
      long began = System.nanoTime();
      for (int i = 0; i < 3; i++) {
        assertFalse(engine.answers());
      }
      assertTrue(System.nanoTime() - began < Duration.ofSeconds(30).toNanos(), "three answers within their time each");
    }
  }
}
