package io.hodei.domain;

import static io.hodei.domain.Checks.*;
import static io.hodei.domain.Scene.POOL;
import static io.hodei.domain.Scene.given;
import static io.hodei.domain.Scene.givenPool;
import static io.hodei.domain.Steps.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Providers that go away and come back, and pools that have another.
// proves: seed:gap-circuit-breaker, seed:gap-provider-alerts, contract:provider-events, contract:provider-choice
class ShardProviderTest {
  private static final PoolPolicy EITHER = new PoolPolicy("default", List.of("docker", "kubernetes"), WorkerMode.EPHEMERAL, 4, 1, 0, true, true, false,
      new PoolTemplate("debian:12", null, java.util.Map.of()), PoolTimes.DOCKER, 1);

  private static Scene.Step away(String type, String id) {
    return scene -> {
      scene.providerReports = false;
      scene.put(new Input.ProviderAway(type, id, "The engine does not answer."));
    };
  }

  private static Scene.Step alive(String type, String id) {
    return scene -> scene.put(new Input.ProviderAlive(type, id));
  }

  private static Scene.Check providerEvents(String... types) {
    return scene -> assertEquals(List.of(types), scene.last().events().stream().filter(Recorded.OfProvider.class::isInstance)
        .map(event -> ((Recorded.OfProvider) event).event().type()).toList());
  }

  private static Scene.Check on(String worker, String providerId) {
    return scene -> assertEquals(providerId, scene.existing(worker).head().providerId());
  }

  @Test
  void whereAProviderIsAwayNothingIsMadeAndItIsToldOnce() {
    given().when(away("process", "p-1")).then(providerEvents("ProviderUnavailable"))
        .when(away("process", "p-1")).then(providerEvents())
        .when(submitted("j")).then(workers(0), queued(1))
        .when(seconds(60)).then(workers(0), providerEvents());
  }

  @Test
  void whoIsNewIsToldOfOnceAndAgainBeforeTheEventIsForgotten() {
    given().when(alive("docker", "d-1")).then(providerEvents("ProviderSeen"))
        .when(alive("docker", "d-1")).then(providerEvents())
        .and(restarted()).when(alive("docker", "d-1")).then(providerEvents());
    given().when(passed(ProviderTurn.TOLD_AGAIN.minusHours(1))).then(providerEvents())
        .when(passed(java.time.Duration.ofHours(2))).then(providerEvents("ProviderSeen"));
  }

  @Test
  void whenItIsBackTheJobsThatWaitedAreMadeWorkersFor() {
    given(away("process", "p-1"), submitted("j"), seconds(30)).when(aProvider()).then(providerEvents("ProviderRecovered"), workers(1))
        .when(aProvider()).then(providerEvents());
  }

  @Test
  void oneOfWhichNobodyHearsIsAway() {
    given(submitted("j"), noProvider()).when(seconds(19)).then(providerEvents())
        .when(seconds(5)).then(providerEvents("ProviderUnavailable"))
        .when(aProvider()).then(providerEvents("ProviderRecovered"));
  }

  // proves: promise:9
  @Test
  void aRestartTellsNothingAgain() {
    given(away("process", "p-1"), submitted("j")).when(restarted()).then(providerEvents())
        .when(seconds(30)).then(providerEvents(), workers(0))
        .when(aProvider()).then(providerEvents("ProviderRecovered"), workers(1));
  }

  /// It may have gone while nobody decided.
  @Test
  void afterATakeoverNothingIsMadeWhereNobodyHasBeenHeardYet() {
    given(noProvider(), restarted()).when(submitted("j")).then(workers(0), queued(1)).when(seconds(2)).then(workers(0))
        .when(aProvider()).then(workers(1));
  }

  @Test
  void theNextProviderOfThePoolIsTaken() {
    givenPool(EITHER, noProvider(), alive("docker", "p-1"), alive("kubernetes", "k-1")).when(submitted("a")).then(on("w-1", "p-1"))
        .and(away("docker", "p-1")).when(submitted("b")).then(on("w-2", "k-1"))
        .and(alive("docker", "p-1"), alive("kubernetes", "k-1"), connected("w-1"), connected("w-2"))
        .when(submitted("c")).then(on("w-3", "p-1"));
  }

  @Test
  void anotherInstanceOfTheSameTypeIsTaken() {
    givenPool(POOL, alive("process", "p-2"), away("process", "p-1")).when(submitted("j")).then(on("w-1", "p-2"));
  }

  /// One that is away does not use up what the others may make at once.
  @Test
  void howMuchIsMadeAtOnceCountsForEachInstance() {
    givenPool(EITHER, noProvider(), alive("docker", "p-1"), alive("kubernetes", "k-1"), submitted("a", "b")).when(away("docker", "p-1"))
        .then(on("w-1", "p-1"), on("w-2", "k-1"), workers(2));
  }
}
