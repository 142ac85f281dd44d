package io.hodei.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hodei.schemas.Topic;
import io.hodei.schemas.WorkerCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// A dispatcher that dies between any two records comes back from its changelogs and gives the answers that it would have given.
// proves: promise:9, seed:gap-outbox
class RestartTest {
  /// The steps of a story with two jobs, a retry, a lost worker, a cancellation and a duplicate; workers by the order of their making.
  private static List<Consumer<Story>> steps() {
    List<Consumer<Story>> steps = new ArrayList<>();
    steps.add(s -> s.now.cancel("early"));
    steps.add(s -> s.now.request("{\"id\":\"a\",\"command\":[\"true\"],\"retry\":{\"maxAttempts\":2,\"backoff\":\"2s\"},\"idempotencyKey\":\"k\"}"));
    steps.add(s -> s.now.request("{\"id\":\"b\",\"command\":[\"true\"],\"queueTimeout\":\"30s\"}"));
    steps.add(s -> s.now.request("{\"id\":\"c\",\"command\":[\"true\"],\"queueTimeout\":\"20s\"}"));
    steps.add(s -> s.now.made(s.worker(0)));
    steps.add(s -> s.now.called(s.worker(0)));
    steps.add(s -> s.now.starting(s.worker(0), "a", 1));
    steps.add(s -> s.now.request("{\"id\":\"early\",\"command\":[\"true\"]}"));
    steps.add(s -> s.now.ended(s.worker(0), "a", 1, 3));
    steps.add(s -> s.now.pass(Duration.ofSeconds(1)));
    steps.add(s -> s.now.request("{\"id\":\"other\",\"command\":[\"true\"],\"idempotencyKey\":\"k\"}"));
    steps.add(s -> s.now.cancel("b"));
    steps.add(s -> s.now.tell(s.now.report("Gone", s.worker(0))));
    steps.add(s -> s.now.tell(s.now.report("Gone", s.worker(1))));
    steps.add(s -> s.now.pass(Duration.ofSeconds(3)));
    steps.add(s -> s.now.tell(s.now.report("Exited", s.worker(2))));
    steps.add(s -> s.now.tell(s.now.report("Gone", s.worker(2))));
    steps.add(s -> s.now.pass(Duration.ofSeconds(61)));
    steps.add(s -> s.now.tell(s.now.report("Gone", s.worker(3))));
    steps.add(s -> s.now.tell(s.now.report("FoundClean", null).setWorkerIds(List.of(s.worker(0), s.worker(1)))));
    return steps;
  }

  /// Dispatchers one after the other, with what all of them wrote.
  private static final class Story {
    private final List<String> workers = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    Driven now = new Driven();

    String worker(int n) {
      return workers.get(n);
    }

    void step(Consumer<Story> step, boolean restart) {
      int events = now.jobEvents().size();
      int facts = now.workerEvents().size();
      int commands = now.values(Topic.WORKER_COMMANDS, WorkerCommand.class).size();
      step.accept(this);
      now.jobEvents().stream().skip(events).forEach(event -> told.add(event.getJobId() + " " + event.getType() + " " + event.getSequence()
          + " " + event.getAttempt() + " " + event.getReason() + " " + event.getOccurredAt()));
      now.values(Topic.WORKER_COMMANDS, WorkerCommand.class).stream().skip(commands).forEach(command -> {
        if (command.getType().equals("ProvisionWorker")) {
          workers.add(command.getWorkerId());
        }
        told.add(command.getType() + " w" + workers.indexOf(command.getWorkerId()) + " " + command.getJobId() + " " + command.getReason());
      });
      now.workerEvents().stream().skip(facts).forEach(event -> told.add("w" + workers.indexOf(event.getWorkerId()) + " " + event.getType()
          + " " + event.getSequence()));
      told.add("--");
      if (restart) {
        Map<String, Map<String, byte[]>> rows = now.folded();
        Duration clock = Duration.between(new TestClock().now(), now.clock.now());
        now.close();
        now = new Driven(rows);
        now.clock.move(clock);
        rows.forEach((store, entries) -> assertEquals(entries.keySet(), now.folded().get(store).keySet(), store));
        now.providerAlive();
      }
    }
  }

  private static List<String> told(int restartAfter) {
    Story story = new Story();
    List<Consumer<Story>> steps = steps();
    for (int i = 0; i < steps.size(); i++) {
      story.step(steps.get(i), i == restartAfter || restartAfter == Integer.MAX_VALUE);
      story.now.providerAlive();
    }
    story.now.close();
    return story.told;
  }

  @Test
  void aRestartAfterAnyStepChangesNoAnswer() {
    List<String> undisturbed = told(-1);
    assertEquals(List.of("early CANCELLED", "b CANCELLED", "c WORKER_LOST", "a PROVISION_FAILED"), undisturbed.stream().map(line -> line.split(" "))
        .filter(words -> words.length > 4 && words[1].equals("JobCompleted")).map(words -> words[0] + " " + words[4]).toList());
    for (int i = 0; i < steps().size(); i++) {
      assertEquals(String.join("\n", undisturbed), String.join("\n", told(i)), "restarted after step " + i);
    }
    assertEquals(String.join("\n", undisturbed), String.join("\n", told(Integer.MAX_VALUE)), "restarted after every step");
  }
}
