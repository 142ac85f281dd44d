package io.hodei.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.gateway.v1.Assignment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerFileTest {
  private static final String GOOD = "workerId=w\ninstallationId=i\ngateway=http://localhost:8090\ntoken=secret\nscratch=/tmp/x\n";

  @Test
  void theFileIsReadOnceAndGone(@TempDir Path dir) throws Exception {
    var file = Files.writeString(dir.resolve("worker"), GOOD);

    var worker = WorkerFile.readAndDelete(file.toString());

    assertFalse(Files.exists(file));
    assertEquals("secret", worker.token());
    assertEquals(8090, worker.gateway().getPort());
    assertFalse(worker.toString().contains("secret"));
  }

  @Test
  void aContainersImageGivesTheJobItsEnvironment() throws Exception {
    var entries = Base64.getEncoder().encodeToString("COLOUR=blue\0LINES=a\nb=c\0EMPTY=".getBytes(StandardCharsets.UTF_8));

    var worker = WorkerFile.parse(GOOD + "container=true\nenvironment=" + entries + "\n", Map.of("OTHER", "x"));

    assertTrue(worker.container());
    assertEquals(Map.of("COLOUR", "blue", "LINES", "a\nb=c", "EMPTY", ""), worker.environment());
    var job = JobEnvironment.of(Assignment.newBuilder().putEnv("COLOUR", "red").build(), worker, Map.of("PATH", "/agents", "SECRET", "x"), Path.of("/t"));
    assertEquals("red", job.get("COLOUR"));
    assertEquals("/tmp/x", job.get("HOME"));
    assertEquals(Set.of("PATH", "HOME", "LANG", "TMPDIR", "COLOUR", "LINES", "EMPTY", "HODEI_JOB_ID", "HODEI_ATTEMPT", "HODEI_WORKER_ID", "HODEI_INSTALLATION_ID"), job.keySet());
    assertFalse(job.get("PATH").equals("/agents"), job.toString());
  }

  @Test
  void aContainerWhoseImageIsNotKnownGivesTheJobWhatTheAgentHasAndDoesNotNeed() throws Exception {
    var own = Map.of("COLOUR", "blue", "HOME", "/", "LC_ALL", "C.UTF-8", "LD_LIBRARY_PATH", "/hodei/agent/libc", "HODEI_PROVIDER", "kubernetes",
        "PATH", "/opt/bin");

    var worker = WorkerFile.parse(GOOD + "container=true\n", own);

    assertEquals(Map.of("COLOUR", "blue", "PATH", "/opt/bin"), worker.environment());
    var job = JobEnvironment.of(Assignment.getDefaultInstance(), worker, own, Path.of("/t"));
    assertEquals("/tmp/x", job.get("HOME"));
    assertEquals(Set.of("PATH", "HOME", "LANG", "TMPDIR", "COLOUR", "HODEI_JOB_ID", "HODEI_ATTEMPT", "HODEI_WORKER_ID", "HODEI_INSTALLATION_ID"), job.keySet());
    assertEquals(Map.of(), WorkerFile.parse(GOOD, own).environment());
  }

  @Test
  void whatIsMountedOnPurposeIsKnown() throws Exception {
    var targets = Base64.getEncoder().encodeToString("/cache\0/a/b/".getBytes(StandardCharsets.UTF_8));

    assertEquals(Set.of(Path.of("/cache"), Path.of("/a/b")), WorkerFile.parse(GOOD + "shared=" + targets + "\n", Map.of()).shared());
    assertEquals(Set.of(), WorkerFile.parse(GOOD + "shared=\n", Map.of()).shared());
    assertTrue(assertThrows(WorkerFile.Wrong.class, () -> WorkerFile.parse(GOOD + "shared=?\n", Map.of())).getMessage().contains("Base64 as the shared"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gateway=https://localhost:8090", "gateway=localhost:8090", "gateway=http://localhost", "gateway=", "scratch=relative", "token=", "workerId=", "installationId= "})
  void whatIsWrongIsNamedWithoutTheToken(String line) {
    var wrong = assertThrows(WorkerFile.Wrong.class, () -> WorkerFile.parse(GOOD + line + "\n", Map.of()));

    assertTrue(wrong.getMessage().startsWith("Expected"), wrong.getMessage());
    assertFalse(wrong.getMessage().contains("secret"));
  }

  @Test
  void wrongUsageSaysWhatToGive() {
    assertTrue(assertThrows(WorkerFile.Wrong.class, WorkerFile::readAndDelete).getMessage().contains("<worker-file>"));
  }
}
