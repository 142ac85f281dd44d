package io.hodei.providers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentLaunchTest {
  @TempDir
  Path agentDir;

  @Test
  void flagsCacheAndSortedJarsMakeTheCommand() throws Exception {
    Files.createDirectory(agentDir.resolve("lib"));
    for (String file : List.of("lib/b.jar", "lib/a.jar", "lib/readme.txt", "agent.aot")) {
      Files.createFile(agentDir.resolve(file));
    }
    Files.writeString(agentDir.resolve("agent.flags"), "-XX:+UseSerialGC\n\n# why\n -Xmx64m \n");
    List<String> command = AgentLaunch.ofDirectory(agentDir, Path.of("/jdk/bin/java")).command(Path.of("/w/worker.conf"));
    assertEquals(List.of("setsid", "/jdk/bin/java", "-XX:+UseSerialGC", "-Xmx64m", "-XX:AOTCache=" + agentDir.resolve("agent.aot"),
        "-cp", agentDir.resolve("lib/a.jar") + ":" + agentDir.resolve("lib/b.jar"), "io.hodei.agent.Main", "/w/worker.conf"),
        command);
  }

  @Test
  void aMissingAgentIsAFailedStartThatSaysWhereItWasExpected() {
    ProviderException refused = assertThrows(ProviderException.class,
        () -> AgentLaunch.ofDirectory(agentDir, Path.of("java")).command(Path.of("w")));
    assertEquals(ProviderException.Reason.START_FAILED, refused.reason());
    assertTrue(refused.getMessage().contains(agentDir.toString()), refused.getMessage());
  }
}
