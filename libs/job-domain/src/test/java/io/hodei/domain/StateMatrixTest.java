package io.hodei.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every command to a job or worker of every state is decided, applied, and compared with docs/state-matrix.md, which is written from
/// here: a change of the heart shows as a change of that page.
// proves: seed:job-transitions
// proves: seed:worker-transitions
class StateMatrixTest {
  private static final String REGENERATE = "./hodei docs";
  private static final Instant LATER = Samples.NOW.plusSeconds(61);

  @Test
  void theGeneratedPageIsUpToDate() throws IOException {
    Path page = Path.of(System.getProperty("basedir", ".")).resolve("../../docs/state-matrix.md").normalize();
    if (Boolean.getBoolean("hodei.docs.write")) {
      Files.createDirectories(page.getParent());
      Files.writeString(page, page());
    }
    assertEquals(page(), Files.exists(page) ? Files.readString(page) : "", () -> "Expected docs/state-matrix.md to show the heart as it is, "
        + "but it is stale; look at the difference, then write it with: " + REGENERATE);
  }

  @Test
  void noStateAndNoCommandIsLeftOut() {
    assertEquals(kinds(JobCommand.class), simpleNames(Samples.jobCommands().values()));
    assertEquals(kinds(WorkerCommand.class), simpleNames(Samples.workerCommands().values()));
    assertEquals(Set.of(JobState.values()), Samples.jobs().values().stream().map(Job::state).collect(Collectors.toSet()));
    assertEquals(Set.of(WorkerState.values()), Samples.workers().values().stream().map(Worker::state).collect(Collectors.toSet()));
  }

  /// The matrix applies what it decides: an illegal transition throws in [JobEvolution] and [WorkerEvolution].
  @Test
  void terminalStatesAreLeftByNothing() {
    Samples.jobs().values().stream().filter(job -> job.state().isTerminal()).forEach(job ->
        Samples.jobCommands().values().forEach(command -> assertTrue(decided(job, command).startsWith("·"), job.state() + " " + command)));
    Samples.workers().values().stream().filter(worker -> worker.state().isTerminal()).forEach(worker ->
        Samples.workerCommands().forEach((name, command) -> assertTrue(
            decided(worker, command).startsWith("·") || decided(worker, command).equals("WorkerCleanedUp"), worker.state() + " " + name)));
  }

  private static Set<String> kinds(Class<?> sealed) {
    return Arrays.stream(sealed.getPermittedSubclasses()).map(Class::getSimpleName).collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static Set<String> simpleNames(Collection<?> values) {
    return values.stream().map(value -> value.getClass().getSimpleName()).collect(Collectors.toSet());
  }

  private static String decided(Job job, JobCommand command) {
    return switch (JobDecisions.decide(job, command, LATER)) {
      case Verdict.Refused<JobEvent>(var refusal) -> "· " + refusal;
      case Verdict.Accepted<JobEvent>(var events) -> {
        Job after = job;
        for (JobEvent event : events) {
          after = JobEvolution.evolve(after, event, LATER);
        }
        yield arrow(events.stream().map(JobEvent::type), job.state(), after.state());
      }
    };
  }

  private static String decided(Worker worker, WorkerCommand command) {
    return switch (WorkerDecisions.decide(worker, command, Scene.POOL, Flags.ON, LATER)) {
      case Verdict.Refused<WorkerEvent>(var refusal) -> "· " + refusal;
      case Verdict.Accepted<WorkerEvent>(var events) -> {
        Worker after = worker;
        for (WorkerEvent event : events) {
          after = WorkerEvolution.evolve(after, event, LATER);
        }
        yield arrow(events.stream().map(event -> event instanceof WorkerEvent.Silent ? "(" + event.type() + ")" : event.type()),
            worker.state(), after.state());
      }
    };
  }

  private static String arrow(Stream<String> events, Enum<?> from, Enum<?> to) {
    return events.collect(Collectors.joining(", ")) + (from == to ? "" : " → **" + to + "**");
  }

  private static String page() {
    return "# States, transitions, decisions\n\n"
        + "Generated from the code of `libs/job-domain`; do not edit. After a change of the heart: `" + REGENERATE + "`.\n\n"
        + "## Job\n\n" + diagram(JobState.values(), JobState::canTransitionTo) + table(JobState.values(), JobState::canTransitionTo)
        + "### What each command leads to\n\n"
        + "Events in order, then the state that is entered; `·` is a refusal: nothing changes. The job has two attempts and is in its first.\n\n"
        + matrix(Samples.jobCommands(), Samples.jobs(), StateMatrixTest::decided)
        + "## Worker\n\n" + diagram(WorkerState.values(), WorkerState::canTransitionTo) + table(WorkerState.values(), WorkerState::canTransitionTo)
        + "### What each command leads to\n\n"
        + "Events in parentheses change the row only and are not published.\n\n"
        + matrix(Samples.workerCommands(), Samples.workers(), StateMatrixTest::decided);
  }

  private static <S extends Enum<S>> String diagram(S[] states, BiPredicate<S, S> allowed) {
    StringBuilder text = new StringBuilder("```mermaid\nstateDiagram-v2\n  [*] --> " + states[0] + "\n");
    for (S from : states) {
      List<S> next = Arrays.stream(states).filter(to -> allowed.test(from, to)).toList();
      next.forEach(to -> text.append("  ").append(from).append(" --> ").append(to).append('\n'));
      if (next.isEmpty()) {
        text.append("  ").append(from).append(" --> [*]\n");
      }
    }
    return text.append("```\n\n").toString();
  }

  private static <S extends Enum<S>> String table(S[] states, BiPredicate<S, S> allowed) {
    StringBuilder text = new StringBuilder("| from \\ to | " + join(states) + " |\n|---|" + "---|".repeat(states.length) + "\n");
    for (S from : states) {
      text.append("| ").append(from).append(" | ")
          .append(Arrays.stream(states).map(to -> allowed.test(from, to) ? "✓" : " ").collect(Collectors.joining(" | "))).append(" |\n");
    }
    return text.append('\n').toString();
  }

  private static <C, S> String matrix(Map<String, C> commands, Map<String, S> states, BiFunction<S, C, String> decide) {
    StringBuilder text = new StringBuilder();
    states.forEach((state, sample) -> {
      text.append("#### ").append(state).append("\n\n| command | leads to |\n|---|---|\n");
      commands.forEach((name, command) -> text.append("| ").append(name).append(" | ").append(decide.apply(sample, command)).append(" |\n"));
      text.append('\n');
    });
    return text.toString();
  }

  private static String join(Object[] values) {
    return Arrays.stream(values).map(String::valueOf).collect(Collectors.joining(" | "));
  }
}
