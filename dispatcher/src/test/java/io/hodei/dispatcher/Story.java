package io.hodei.dispatcher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hodei.schemas.Topic;
import io.hodei.schemas.WorkerCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Dispatchers one after the other, with what all of them wrote.
final class Story implements AutoCloseable {
  private final List<String> workers = new ArrayList<>();
  private final Map<String, WorkerCommand> offers = new HashMap<>();
  final List<String> told = new ArrayList<>();
  Driven now = new Driven();

  String worker(int n) {
    return workers.get(n);
  }

  int made() {
    return workers.size();
  }

  /// The newest offer to the n-th worker; null: none.
  @Nullable WorkerCommand offer(int n) {
    return offers.get(workers.get(n));
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
      if (command.getType().equals("AssignJob")) {
        offers.put(command.getWorkerId(), command);
      }
      told.add(command.getType() + " w" + workers.indexOf(command.getWorkerId()) + " " + command.getJobId() + " " + command.getReason());
    });
    now.workerEvents().stream().skip(facts).forEach(event -> told.add("w" + workers.indexOf(event.getWorkerId()) + " " + event.getType()
        + " " + event.getSequence()));
    told.add("--");
    assertSame(now.folded(), now.stored());
    if (restart) {
      Map<String, Map<String, byte[]>> rows = now.folded();
      Duration clock = Duration.between(new TestClock().now(), now.clock.now());
      now.close();
      now = new Driven(rows, clock);
      assertSame(rows, now.stored());
      now.providerAlive();
    }
  }

  /// Every store has, byte by byte, what its folded changelog has.
  private static void assertSame(Map<String, Map<String, byte[]>> folded, Map<String, Map<String, byte[]>> stored) {
    folded.forEach((store, rows) -> {
      Map<String, byte[]> live = stored.getOrDefault(store, Map.of());
      assertEquals(rows.keySet(), live.keySet(), store);
      rows.forEach((key, row) -> assertArrayEquals(row, live.get(key), store + " " + key));
    });
  }

  @Override
  public void close() {
    now.close();
  }
}
