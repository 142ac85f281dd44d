package io.hodei.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The agent as it is installed: its cache must stay valid when the directory is copied with its times.
/// The build runs it after `package`.
@Timeout(120)
class PackagedAgentIT {
  @TempDir Path elsewhere;

  @Test
  void theCopiedAgentRunsWithItsCache() throws Exception {
    var built = Path.of("target/agent").toAbsolutePath();
    var copy = elsewhere.resolve("agent");
    assertEquals(0, new ProcessBuilder("cp", "-a", built.toString(), copy.toString()).inheritIO().start().waitFor());
    var command = AgentProcess.packaged(copy, true);
    command.add(1, "-XX:AOTMode=on");
    try (var gateway = new FakeGateway(AgentIT.shell("exit 3").build()); var _ = AgentProcess.start(elsewhere.resolve("scratch"), gateway.uri(), FakeGateway.TOKEN, command)) {
      assertEquals(3, gateway.awaitEnd().getExitCode());
    }
  }
}
