package io.hodei.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a kill -9 leaves must never be taken for something that runs.
class RecordsTest {
  @TempDir
  private Path temporary = Path.of("set by JUnit");
  private DataDirectory directory = new DataDirectory(temporary);

  @BeforeEach
  void prepare() {
    directory = new DataDirectory(temporary.resolve("data"));
    directory.prepare();
  }

  @Test
  void aRecordOfALivingProcessIsFound() throws Exception {
    RunRecord record = new RunRecord(Component.GC, Pid.ofThisProcess(), "http://127.0.0.1:8092", 8092);
    record.write(directory);

    assertEquals(Optional.of(record), RunRecord.living(directory, Component.GC));
  }

  @Test
  void anotherProcessWithTheRecordedPidIsNotOurs() throws Exception {
    Pid mine = Pid.ofThisProcess();
    new RunRecord(Component.GC, new Pid(mine.pid(), mine.startTicks() - 1, mine.boot()), "", 1).write(directory);

    assertEquals(Optional.empty(), RunRecord.living(directory, Component.GC));
  }

  @Test
  void aRecordFromBeforeARebootIsNotOurs() throws Exception {
    Pid mine = Pid.ofThisProcess();
    new RunRecord(Component.GC, new Pid(mine.pid(), mine.startTicks(), "another boot"), "", 1).write(directory);

    assertEquals(Optional.empty(), RunRecord.living(directory, Component.GC));
  }

  @Test
  void aTornRecordIsNoRecord() throws Exception {
    Files.writeString(directory.run().resolve("gc-service.json"), "{\"pid\":1");

    assertEquals(Optional.empty(), RunRecord.read(directory, Component.GC));
  }

  @Test
  void aServiceIsClaimedOnceUntilItsHolderIsGone() throws Exception {
    RunClaim first = RunClaim.tryTake(directory, Component.GC, Duration.ZERO);
    assertTrue(first.held());
    try (RunClaim second = RunClaim.tryTake(directory, Component.GC, Duration.ofMillis(100)); RunClaim other = RunClaim.tryTake(directory, Component.API, Duration.ZERO)) {
      assertFalse(second.held());
      assertTrue(other.held(), "another service is another claim");
    }
    first.close();
    try (RunClaim next = RunClaim.tryTake(directory, Component.GC, Duration.ZERO)) {
      assertTrue(next.held());
    }
  }

  @Test
  void aStubbornProcessIsKilled() throws Exception {
    Process stubborn = new ProcessBuilder("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done").start();
    assertEquals("ready", stubborn.inputReader().readLine());
    Pid pid = Pid.of(stubborn.pid()).orElseThrow();

    assertTrue(pid.end(Duration.ofMillis(300)));
    assertFalse(pid.alive());
  }

  @Test
  void onlyOneRulesADirectory() throws Exception {
    try (UpLock first = UpLock.tryTake(directory)) {
      assertTrue(first.held());
      Process other = new ProcessBuilder(Child.java(), "-cp", System.getProperty("java.class.path"), LockProbe.class.getName(),
          directory.root().toString()).redirectErrorStream(true).start();
      assertEquals("held=false", other.inputReader().readLine());
    }
  }

  /// Tries the lock in a process of its own.
  static final class LockProbe {
    private LockProbe() {}

    public static void main(String[] args) throws Exception {
      try (UpLock lock = UpLock.tryTake(new DataDirectory(Path.of(args[0])))) {
        System.out.println("held=" + lock.held());
      }
    }
  }
}
