package io.hodei.providers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerShapeTest {
  @ParameterizedTest
  @CsvSource({"500m, 500000000", "2, 2000000000", "0.25, 250000000", "1m, 1000000"})
  void sharesOfACpu(String cpu, long nanos) {
    assertEquals(nanos, new WorkerShape(null, cpu, null, null).nanoCpus());
  }

  @ParameterizedTest
  @CsvSource({"1000, 1000", "256Mi, 268435456", "1Gi, 1073741824", "2k, 2000", "3G, 3000000000", "999999999999999Ti, 1152921504606846976"})
  void sizesOfMemory(String memory, long bytes) {
    assertEquals(bytes, new WorkerShape(null, null, memory, null).memoryBytes());
  }

  @Test
  void whatIsNotAskedForIsNoLimit() {
    assertEquals(null, WorkerShape.NONE.nanoCpus());
    assertEquals(null, WorkerShape.NONE.memoryBytes());
  }
}
