package io.hodei.providers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SharedLookTest {
  @Test
  void aLookThatBeganBeforeTheCallIsNotEnoughAndTheNextOneIsShared() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    CountDownLatch firstBegan = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    SharedLook<Integer> look = new SharedLook<>(() -> {
      int number = looks.incrementAndGet();
      firstBegan.countDown();
      go.await();
      return number;
    });
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> first = threads.submit(look::fresh);
      firstBegan.await();
      List<Future<Integer>> later = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        later.add(threads.submit(look::fresh));
      }
      go.countDown();
      assertEquals(1, first.get());
      for (Future<Integer> answer : later) {
        assertTrue(answer.get() >= 2);
      }
      assertTrue(looks.get() <= 52, "looks " + looks);
    }
  }

  @Test
  void aFailureIsToldAndTheNextLookMaySucceed() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    SharedLook<String> look = new SharedLook<>(() -> {
      if (looks.incrementAndGet() == 1) {
        throw new java.io.IOException("no /proc");
      }
      return "seen";
    });
    assertEquals(ProviderException.Reason.PROVIDER_UNREACHABLE, assertThrows(ProviderException.class, look::fresh).reason());
    assertEquals("seen", look.fresh());
  }
}
