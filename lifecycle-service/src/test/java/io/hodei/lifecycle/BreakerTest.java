package io.hodei.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.providers.ProviderException.Reason;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

// proves: seed:gap-circuit-breaker
class BreakerTest {
  private final Breaker breaker = new Breaker();
  private long now;

  private void fails(int times, Reason reason) {
    for (int i = 0; i < times; i++) {
      breaker.failed(reason, "no space left", now);
    }
  }

  private boolean admits() {
    return breaker.admits(now);
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  private boolean isAway() {
    return breaker.trouble(now).isPresent();
  }

  @Test
  void oneThatDoesNotAnswerIsAwayUntilItAnswersAPing() {
    fails(Breaker.UNANSWERED - 1, Reason.PROVIDER_UNREACHABLE);
    assertTrue(admits() && !isAway());
    breaker.silent("The engine does not answer.");
    assertEquals(Optional.of("The engine does not answer."), breaker.trouble(now));
    pass(Duration.ofHours(1));
    assertFalse(admits());
    breaker.answered();
    assertTrue(admits() && !isAway());
  }

  @Test
  void anAnswerBetweenTwoSilencesBeginsAnew() {
    for (int i = 0; i < 10; i++) {
      fails(Breaker.UNANSWERED - 1, Reason.PROVIDER_UNREACHABLE);
      breaker.answered();
    }
    assertTrue(admits() && !isAway());
  }

  @Test
  void oneThatMakesNothingIsLeftAloneForAWhile() {
    fails(Breaker.FAILED, Reason.PROVISION_FAILED);
    assertEquals(Optional.of("5 workers in a row could not be made; the last: no space left"), breaker.trouble(now));
    assertFalse(admits());
    breaker.answered();
    assertFalse(admits(), "a ping is no worker");
    pass(Breaker.FIRST_PAUSE);
    assertFalse(isAway());
  }

  @Test
  void afterThePauseOneCreationIsTheProbe() {
    fails(Breaker.FAILED, Reason.PROVISION_FAILED);
    pass(Breaker.FIRST_PAUSE);
    assertTrue(admits());
    assertFalse(admits());
    breaker.made();
    assertTrue(admits() && admits());
  }

  @Test
  void aProbeThatFailsDoublesThePauseUpToAMinute() {
    fails(Breaker.FAILED, Reason.PROVISION_FAILED);
    Duration pause = Breaker.FIRST_PAUSE;
    for (int i = 0; i < 6; i++) {
      pass(pause.minusNanos(1));
      assertTrue(isAway());
      pass(Duration.ofNanos(1));
      assertTrue(admits());
      fails(1, Reason.PROVISION_FAILED);
      pause = pause.multipliedBy(2).compareTo(Breaker.LONGEST_PAUSE) > 0 ? Breaker.LONGEST_PAUSE : pause.multipliedBy(2);
    }
    assertEquals(Breaker.LONGEST_PAUSE, pause);
  }

  @Test
  void aProbeWithoutAnAnswerMakesItUnreachable() {
    fails(Breaker.FAILED, Reason.PROVISION_FAILED);
    pass(Breaker.FIRST_PAUSE);
    assertTrue(admits());
    fails(1, Reason.PROVIDER_UNREACHABLE);
    pass(Duration.ofHours(1));
    assertTrue(isAway() && !admits());
  }

  /// Or a user with a bad image could close a pool for everybody.
  @Test
  void whatIsTheJobsFaultOpensNothing() {
    fails(100, Reason.IMAGE_ERROR);
    fails(100, Reason.START_FAILED);
    assertTrue(admits() && !isAway());
  }
}
