package io.hodei.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
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

  @ParameterizedTest
  @ValueSource(strings = {"gateway=https://localhost:8090", "gateway=localhost:8090", "gateway=http://localhost", "gateway=", "scratch=relative", "token=", "workerId=", "installationId= "})
  void whatIsWrongIsNamedWithoutTheToken(String line) {
    var wrong = assertThrows(WorkerFile.Wrong.class, () -> WorkerFile.parse(GOOD + line + "\n"));

    assertTrue(wrong.getMessage().startsWith("Expected"), wrong.getMessage());
    assertFalse(wrong.getMessage().contains("secret"));
  }

  @Test
  void wrongUsageSaysWhatToGive() {
    assertTrue(assertThrows(WorkerFile.Wrong.class, WorkerFile::readAndDelete).getMessage().contains("<worker-file>"));
  }
}
