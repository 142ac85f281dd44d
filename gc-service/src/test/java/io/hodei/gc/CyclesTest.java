package io.hodei.gc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CyclesTest {
  private final AtomicInteger runs = new AtomicInteger();
  private final AtomicInteger atOnce = new AtomicInteger();
  private final Semaphore mayEnd = new Semaphore(0);
  private final CountDownLatch begun = new CountDownLatch(1);
  private final Cycles cycles = new Cycles((cause, patience) -> {
    assertEquals(1, atOnce.incrementAndGet());
    begun.countDown();
    mayEnd.acquire();
    atOnce.decrementAndGet();
    return result(Integer.toString(runs.incrementAndGet()));
  });

  @Test
  void whoAsksDuringACycleGetsTheNextOneAndSharesIt() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<CycleResult> periodic = threads.submit(cycles::periodic);
      begun.await();
      CountDownLatch asked = new CountDownLatch(20);
      List<Future<CycleResult>> forced = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        forced.add(threads.submit(() -> {
          asked.countDown();
          return cycles.forced();
        }));
      }
      asked.await();
      mayEnd.release();
      assertEquals("1", periodic.get(10, TimeUnit.SECONDS).cycleId());
      mayEnd.release(20);
      for (Future<CycleResult> each : forced) {
        assertEquals(true, Integer.parseInt(each.get(10, TimeUnit.SECONDS).cycleId()) >= 2);
      }
    }
  }

  @Test
  void aFailedCycleIsNotShared() throws InterruptedException {
    AtomicInteger tries = new AtomicInteger();
    Cycles failing = new Cycles((cause, patience) -> {
      if (tries.incrementAndGet() == 1) {
        throw new IllegalStateException("the broker is away");
      }
      return result("ok");
    });
    assertThrows(IllegalStateException.class, failing::forced);
    assertEquals("ok", failing.forced().cycleId());
  }

  private static CycleResult result(String id) {
    return new CycleResult(id, Given.NOON, 0, 0, 0, 0, 0, 0, 0, 0, false, Map.of(), Map.of(), List.of());
  }
}
