package io.hodei.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.domain.JobEvent;
import io.hodei.domain.ProviderEvent;
import io.hodei.domain.WorkerEvent;
import io.hodei.simulation.Simulation.Verdict;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A thousand worlds, other ones for each state of the sources, and every world that ever broke a promise.
// proves: contract:simulate, promise:1, promise:2, promise:4, promise:5, promise:9, invariant:I1, invariant:I2, invariant:I3, invariant:I4, invariant:I5, invariant:I6, invariant:I7, invariant:I8, invariant:I9
class WorldsSimTest {
  private static final int WORLDS = 1_000;
  private static final int SHOWN = 3;

  @Test
  void noPromiseIsBrokenInWorldsOfThisTree() throws InterruptedException {
    long first = Tree.hash();
    Runs.Total total = Runs.run(WORLDS, number -> first + number, null, SHOWN, System.out::println);
    System.out.println("from seed " + first + ": " + total);
    assertEquals("", told(total.broken()));
    assertTrue(total.met().keySet().containsAll(everything()), () -> "Expected the worlds to lead everywhere, but they never met "
        + everything().stream().filter(each -> !total.met().containsKey(each)).toList());
    assertTrue(total.jobs() > 50L * WORLDS, () -> "Expected worlds with jobs in them, but: " + total);
  }

  @Test
  void whatEverFailedHolds() throws InterruptedException, IOException {
    List<Long> seeds = failed();
    Runs.Total total = Runs.run(seeds.size(), number -> seeds.get(Math.toIntExact(number)), null, SHOWN, System.out::println);
    assertEquals("", told(total.broken()));
  }

  /// Every event that somebody writes, every end, every timer, every trouble, and what a worker may do beside its one job.
  private static Set<String> everything() {
    Set<String> all = new TreeSet<>(Set.of("SUCCEEDED", "FAILED", "CANCELLED", "TIMEOUT", "conflict", "timer:queue-timeout", "timer:worker-deadline",
        "timer:lease", "timer:no-contact", "timer:schedule"));
    Stream.of(JobEvent.class, WorkerEvent.class, ProviderEvent.class).flatMap(events -> Stream.of(events.getPermittedSubclasses()))
        .filter(event -> event.isRecord() && !WorkerEvent.Silent.class.isAssignableFrom(event)).forEach(event -> all.add(event.getSimpleName()));
    // No agent says of itself that it failed.
    all.remove("WorkerFailedSelfReported");
    Stream.of(Trouble.values()).forEach(trouble -> all.add("✗ " + trouble));
    all.addAll(Set.of("WorkerBusy again", "WorkerDraining, kept", "TIMEOUT/TIMEOUT", "TIMEOUT/QUEUE_TIMEOUT"));
    return all;
  }

  private static String told(List<Verdict> broken) {
    return broken.stream().sorted(Comparator.comparingLong(Verdict::seed)).map(verdict -> Simulation.text(verdict, null)).collect(Collectors.joining("\n\n"));
  }

  private static List<Long> failed() throws IOException {
    try (BufferedReader reader = new BufferedReader(new InputStreamReader(
        Objects.requireNonNull(WorldsSimTest.class.getResourceAsStream("/seeds-that-failed.txt")), StandardCharsets.UTF_8))) {
      return reader.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).map(line -> Long.parseLong(line.split("\\s")[0])).toList();
    }
  }
}
