package io.hodei.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
