package io.hodei.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.testkit.Containers;
import io.hodei.testkit.Ran;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The images that deploy/images builds: each starts its program, and nobody in them is root.
@EnabledIf("io.hodei.testkit.Containers#areWanted")
class ImagesST {
  @BeforeAll
  static void build() {
    OwnImages.build("job-api", "dispatcher", "gc-service", "audit-service", "lifecycle-service", "agent");
  }

  @ParameterizedTest
  @ValueSource(strings = {"job-api", "dispatcher", "gc-service", "audit-service", "lifecycle-service"})
  void aServiceStartsAndReadsItsConfiguration(String service) {
    String image = OwnImages.name(service);
    assertEquals("65532:65532 " + service, Containers.docker("inspect", "--format", "{{.Config.User}} {{index .Config.Labels \"org.opencontainers.image.title\"}}", image)
        .exits(0).out().strip());
    Ran wrong = Containers.docker("run", "--rm", "--network", "none", "--env", "HODEI_KAFKA_NO_SUCH_KEY=1", image);
    assertEquals(2, wrong.exit(), wrong.err());
    assertTrue(wrong.err().contains("HODEI_KAFKA_NO_SUCH_KEY"), wrong.err());
    System.out.println(service + ": " + Containers.docker("inspect", "--format", "{{.Size}}", image).out().strip() + " bytes");
  }

  @Test
  void theAgentsRuntimeRuns() {
    Ran version = Containers.docker("run", "--rm", "--network", "none", OwnImages.name("agent"), "/hodei/agent/jre/bin/java", "-version");
    assertTrue(version.exits(0).err().contains("25"), version.err());
    Ran agent = Containers.docker("run", "--rm", "--network", "none", OwnImages.name("agent"), "/bin/sh", "-c", "cat /hodei/agent/lib/*.jar >/dev/null && echo whole");
    assertEquals(List.of("whole"), agent.exits(0).out().lines().toList());
  }
}
