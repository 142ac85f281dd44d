package io.hodei.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.providers.WorkerShape;
import io.hodei.providers.WorkerTerms;
import io.hodei.schemas.WorkerCommand;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CommandParserTest {
  private final CommandParser parser = new CommandParser("process", "process-here");

  private static WorkerCommand.Builder of(String type) {
    return WorkerCommand.newBuilder().setType(type).setWorkerId("w1");
  }

  @Test
  void theGatewaysCommandsAreNotOurs() {
    for (String type : List.of("AssignJob", "StartJob", "CancelAssignment", "RefuseBoot", "DrainWorker", "SomethingNew")) {
      assertEquals(Optional.empty(), parser.read(of(type).build()), type);
    }
  }

  @Test
  void anotherHostsProcessWorkersAreNotOurs() {
    assertEquals(Optional.empty(), parser.read(of("ProvisionWorker").setProvider("process").setProviderId("process-there").build()));
    assertEquals(Optional.empty(), parser.read(of("ProvisionWorker").setProvider("docker").setProviderId("docker-here").build()));
    assertEquals(Optional.empty(), parser.read(of("DestroyWorker").setProviderId("process-there").build()));
  }

  @Test
  void aTypeThatNobodyHasIsTaken() {
    assertTrue(parser.read(of("ProvisionWorker").setProvider("lunar").build()).isPresent());
  }

  @Test
  void aProvisionSaysWhatTheWorkerIsMadeOf() {
    Optional<Command> read = parser.read(of("ProvisionWorker").setImage("busybox").setCpu("500m").setMemory("64Mi").setGpu(1).build());
    assertEquals(new WorkerShape("busybox", "500m", "64Mi", 1), ((Command.Provision) read.orElseThrow()).shape());
  }

  @Test
  void aProvisionSaysOnWhatTerms() {
    Optional<Command> read = parser.read(of("ProvisionWorker").setTenant("a").setExistenceMs(1_000L).setTtlMs(0L).build());
    assertEquals(new WorkerTerms("a", Duration.ofSeconds(1), Duration.ZERO), ((Command.Provision) read.orElseThrow()).terms());
    assertEquals(WorkerTerms.NONE, ((Command.Provision) parser.read(of("ProvisionWorker").build()).orElseThrow()).terms());
  }

  @Test
  void aDestroyWithoutGraceForcesAtOnce() {
    assertEquals(Optional.of(new Command.Destroy("w1", null, Duration.ZERO, "", "", 1, "")),
        parser.read(of("DestroyWorker").setProviderId("process-here").build()));
    assertEquals(Optional.of(new Command.Destroy("w1", "j1", Duration.ofSeconds(10), "gc", "LOST", 3, "c1")),
        parser.read(of("DestroyWorker").setJobId("j1").setGraceMs(10_000L).setCause("gc").setReason("LOST").setTries(3)
            .setCorrelationId("c1").build()));
  }

  @Test
  void inventoriesAreForAllOrForOne() {
    assertTrue(parser.asksForInventory(of("TakeInventory").build()));
    assertTrue(parser.asksForInventory(of("TakeInventory").setProviderId("process-here").build()));
    assertFalse(parser.asksForInventory(of("TakeInventory").setProviderId("process-there").build()));
  }

  @Test
  void aCommandForNobodyIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> parser.read(of("DestroyWorker").setWorkerId(null).build()));
    assertThrows(IllegalArgumentException.class, () -> parser.read(of("ProvisionWorker").setWorkerId("").build()));
  }
}
