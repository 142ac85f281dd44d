package io.hodei.providers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerMarkTest {
  private static Optional<WorkerMark> in(String... entries) {
    byte[] bytes = (String.join("\0", entries) + "\0").getBytes(StandardCharsets.UTF_8);
    return WorkerMark.in(bytes, bytes.length);
  }

  @Test
  void bothVariablesMakeAMark() {
    assertEquals(Optional.of(new WorkerMark("i1", "w1")), in("PATH=/bin", "HODEI_INSTALLATION_ID=i1", "HODEI_WORKER_ID=w1"));
  }

  @Test
  void oneVariableAloneIsNoMark() {
    assertEquals(Optional.empty(), in("HODEI_WORKER_ID=w1"));
    assertEquals(Optional.empty(), in("HODEI_INSTALLATION_ID=i1"));
    assertEquals(Optional.empty(), WorkerMark.in(new byte[0], 0));
  }

  @Test
  void whatRunsInAContainerIsNotThisProvidersBusiness() {
    assertEquals(Optional.of(WorkerMark.IN_A_CONTAINER), in("HODEI_WORKER_ID=w1", "HODEI_INSTALLATION_ID=i1", "HODEI_PROVIDER=docker"));
    assertEquals(Optional.of(WorkerMark.IN_A_CONTAINER), in("HODEI_PROVIDER=docker", "HODEI_WORKER_ID=w1", "HODEI_INSTALLATION_ID=i1"));
  }

  @Test
  void onlyWholeEntriesCount() {
    assertEquals(Optional.empty(),
        in("X_HODEI_WORKER_ID=w1", "A=HODEI_INSTALLATION_ID=i1", "HODEI_WORKER_IDX=w", "HODEI_INSTALLATION_ID=i1"));
    assertEquals(Optional.of(new WorkerMark("i1", "w1")),
        in("HODEI_WORKER_ID=w1", "HODEI_INSTALLATION_ID=i1", "HODEI_WORKER_ID=other"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "../x", "a/b", "/etc", "-rf", ".hidden", "a b", "a\nb", "ä", "a\u0000b"})
  void whatIsNoSafeFileNameIsRefused(String id) {
    assertFalse(WorkerMark.safe(id));
  }

  @Test
  void idsUpTo63CharactersAreSafe() {
    assertTrue(WorkerMark.safe("0193a-B_c.d"));
    assertTrue(WorkerMark.safe("a".repeat(63)));
    assertFalse(WorkerMark.safe("a".repeat(64)));
  }

  @ParameterizedTest
  @CsvSource({"../x,unsafe-d6b96a97d147daaa", "'a\nb',unsafe-7e18f737311b2dc3", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,unsafe-ffe054fe7ae0cb6d"})
  void anUnsafeIdHasASafeStandIn(String raw, String standIn) {
    assertEquals(Optional.of(new WorkerMark("i1", standIn)), in("HODEI_WORKER_ID=" + raw, "HODEI_INSTALLATION_ID=i1"));
    assertTrue(WorkerMark.safe(standIn));
    assertTrue(WorkerMark.standsIn(standIn));
  }

  @Test
  void aSafeIdStandsForItself() {
    assertEquals("w1", WorkerMark.safeOrStandIn("w1"));
    assertFalse(WorkerMark.standsIn("w1"));
    assertFalse(WorkerMark.standsIn("unsafe-w1"));
  }

  @Test
  void anEmptyWorkerIdIsNoMark() {
    assertEquals(Optional.empty(), in("HODEI_WORKER_ID=", "HODEI_INSTALLATION_ID=i1"));
  }
}
