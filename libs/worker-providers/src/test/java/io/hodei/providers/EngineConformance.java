package io.hodei.providers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.providers.ProviderException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// What providers do alike whose infrastructure answers calls, and may not answer.
abstract class EngineConformance extends ProviderConformance {
  /// From now on nothing of the infrastructure answers the provider; the tests still see it.
  abstract void cut() throws Exception;

  abstract void mend() throws Exception;

  /// Takes the worker away, as a person would.
  abstract void take(CreatedWorker worker) throws Exception;

  // proves: seed:gap-reconnect
  @Test
  void whileItIsAwayNothingIsPretendedAndAfterwardsWhatDiedIsTold() throws Exception {
    WorkerProvider provider = provider();
    BlockingQueue<WorkerExit> exits = new LinkedBlockingQueue<>();
    provider.watch(exits::add);
    CreatedWorker dies = provider.create(launch("dies"));
    CreatedWorker vanishes = provider.create(launch("vanishes"));
    CreatedWorker stays = provider.create(launch("stays"));
    assertTrue(provider.reachable());

    cut();

    assertFalse(provider.reachable());
    assertEquals(Reason.PROVIDER_UNREACHABLE, assertThrows(ProviderException.class, provider::inventory).reason());
    assertEquals(Reason.PROVIDER_UNREACHABLE, assertThrows(ProviderException.class, () -> provider.create(launch("w4"))).reason());
    assertThrows(ProviderException.class, () -> provider.destroy("stays", Duration.ZERO));
    kill(dies);
    take(vanishes);
    mend();

    List<String> told = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      WorkerExit exit = exits.poll(15, TimeUnit.SECONDS);
      told.add(exit == null ? "nobody" : exit.workerId());
    }
    assertEquals(List.of("dies", "vanishes"), told.stream().sorted().toList());
    assertTrue(provider.reachable());
    assertTrue(provider.destroy("stays", Duration.ZERO).existed());
    assertFalse(isThere(stays));
  }
}
