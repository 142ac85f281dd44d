package io.hodei.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.schemas.WorkerCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// A hundred stories by chance: after each step every store is what its folded changelog is, and dispatchers that die after every step give the
/// answers of one that lives.
// proves: promise:9, contract:simulate
class RestartWalkTest {
  private static final int STORIES = 100;
  private static final int STEPS = 14;

  @Test
  void aRestartAfterEveryStepChangesNoAnswer() {
    int answers = 0;
    for (long seed = 1; seed <= STORIES; seed++) {
      List<String> undisturbed = told(seed, false);
      assertEquals(String.join("\n", undisturbed), String.join("\n", told(seed, true)), "seed " + seed);
      answers += undisturbed.size();
    }
    int all = answers;
    assertTrue(all > STORIES * STEPS * 2, () -> "Expected stories in which something happens, but they have " + all + " lines");
  }

  private static List<String> told(long seed, boolean restarts) {
    try (Story story = new Story()) {
      for (Consumer<Story> step : steps(seed)) {
        story.step(step, restarts);
        story.now.providerAlive();
      }
      return story.told;
    }
  }

  private static List<Consumer<Story>> steps(long seed) {
    Random random = new Random(seed);
    List<Consumer<Story>> steps = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      int kind = step == 0 ? 0 : random.nextInt(18);
      int which = random.nextInt(1_000);
      int chance = random.nextInt(1_000);
      steps.add(story -> one(story, kind, which, chance));
    }
    return steps;
  }

  private static void one(Story story, int kind, int which, int chance) {
    String job = "j" + which % 6;
    if (kind < 4 || story.made() == 0) {
      story.now.request("{\"id\":\"" + job + "\",\"command\":[\"true\"],\"priority\":" + chance % 3 + ",\"queueTimeout\":\"" + (5 + chance % 60) + "s\",\"timeout\":\""
          + (10 + chance % 50) + "s\",\"retry\":{\"maxAttempts\":" + (1 + chance % 3) + ",\"backoff\":\"" + chance % 4 + "s\"}"
          + (chance % 3 == 0 ? ",\"idempotencyKey\":\"k" + which % 3 + "\"" : "") + "}");
      return;
    }
    int n = which % story.made();
    String worker = story.worker(n);
    WorkerCommand offer = story.offer(n);
    switch (kind) {
      case 4 -> story.now.cancel(job);
      case 5, 6 -> story.now.made(worker);
      case 7, 8 -> {
        story.now.made(worker);
        story.now.called(worker);
      }
      case 9, 10 -> {
        if (offer != null) {
          story.now.called(worker);
          story.now.starting(worker, offer.getJobId(), offer.getEpoch());
        }
      }
      case 11, 12 -> {
        if (offer != null) {
          story.now.ended(worker, offer.getJobId(), offer.getAttempt(), chance % 3);
        }
      }
      case 13 -> story.now.tell(story.now.report("Exited", worker));
      case 14 -> story.now.tell(story.now.report("Gone", worker));
      case 15 -> story.now.tell(story.now.report("FoundClean", null).setWorkerIds(List.of(worker)));
      case 16 -> story.now.applyPool("default", "{\"maxWorkers\":" + chance % 4 + ",\"mode\":\"" + (chance % 2 == 0 ? "reusable" : "ephemeral")
          + "\",\"policy\":{\"idleTimeout\":\"3s\",\"keepOnFailure\":" + (chance % 5 == 0) + ",\"ttlAfterCompletion\":\"4s\"}}");
      default -> story.now.pass(Duration.ofSeconds(1 + chance % 15));
    }
  }
}
