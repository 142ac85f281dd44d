package io.hodei.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.lifecycle.Lanes.Turn;
import io.hodei.lifecycle.Lanes.Work;
import io.hodei.lifecycle.LowWaterMark.Position;
import io.hodei.providers.WorkerExit;
import io.hodei.providers.WorkerShape;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LanesTest {
  private final Lanes lanes = new Lanes(2, 3);
  private long offset;

  private static Command provision(String id) {
    return new Command.Provision(id, "job", "default", "process", WorkerShape.NONE, null, "c");
  }

  private static Command destroy(String id) {
    return new Command.Destroy(id, "job", Duration.ZERO, "immediate", "JOB_COMPLETED", 1, "c");
  }

  private static Command exit(String id) {
    return new Command.TellExit(id, new WorkerExit(id, Instant.EPOCH, "killed"));
  }

  private Turn add(Command command) {
    return lanes.add(command, new Position(0, offset++));
  }

  private static List<Command> commands(Turn turn) {
    return turn.start().stream().map(Work::command).toList();
  }

  private static List<Long> offsets(List<Position> positions) {
    return positions.stream().map(Position::offset).toList();
  }

  @Test
  void nothingStartsBeforeTheBacklogIsIn() {
    assertEquals(List.of(), add(provision("a")).start());
    assertEquals(List.of(provision("a")), commands(lanes.open()));
  }

  @Test
  void aBacklogOfProvisionAndDestroyIsOneDestroyThatSettlesBoth() {
    add(provision("a"));
    add(destroy("a"));
    add(destroy("a"));
    List<Work> start = lanes.open().start();
    assertEquals(List.of(destroy("a")), start.stream().map(Work::command).toList());
    assertEquals(Set.of(0L, 1L, 2L), Set.copyOf(offsets(start.getFirst().settles())));
  }

  @Test
  void aProvisionThatComesAfterTheDestroyOfItsWorkerIsNotDone() {
    lanes.open();
    Work destroy = add(destroy("a")).start().getFirst();
    Turn late = add(provision("a"));
    assertEquals(List.of(), late.start());
    assertEquals(List.of(1L), offsets(late.settled()));
    assertEquals(List.of(), lanes.finished(destroy).start());
    assertEquals(List.of(), add(provision("a")).start());
  }

  @Test
  void whatRunsForAWorkerIsFinishedBeforeItsNext() {
    lanes.open();
    Work create = add(provision("a")).start().getFirst();
    assertEquals(List.of(), add(destroy("a")).start());
    Turn turn = lanes.finished(create);
    assertEquals(List.of(destroy("a")), commands(turn));
    assertEquals(List.of(0L), offsets(turn.settled()));
  }

  @Test
  void aDestroyTakesThePlaceOfACreationThatWaitsForItsTurn() {
    lanes.open();
    add(provision("a"));
    add(provision("b"));
    assertEquals(List.of(), add(provision("c")).start(), "two creations at once");
    assertEquals(List.of(destroy("c")), commands(add(destroy("c"))));
  }

  @Test
  void destructionsNeverWaitForCreations() {
    lanes.open();
    for (String id : List.of("a", "b", "c", "d")) {
      add(provision(id));
    }
    assertEquals(List.of(destroy("x")), commands(add(destroy("x"))));
    assertEquals(List.of(destroy("y")), commands(add(destroy("y"))));
    assertEquals(List.of(destroy("z")), commands(add(destroy("z"))));
    assertEquals(List.of(), add(destroy("w")).start(), "three destructions at once");
  }

  @Test
  void anExitIsToldAfterTheCreationAndNotAfterADestroyWasAsked() {
    lanes.open();
    Work create = add(provision("a")).start().getFirst();
    lanes.add(exit("a"), null);
    assertEquals(List.of(exit("a")), commands(lanes.finished(create)));

    add(destroy("b"));
    Turn late = lanes.add(exit("b"), null);
    assertEquals(List.of(), late.start());
    assertEquals(List.of(), late.settled());
  }

  @Test
  void onlyAProvisionOfTheBacklogOrARepeatedOneMayFindItsWorkerThere() {
    add(provision("old"));
    Work old = lanes.open().start().getFirst();
    assertTrue(old.maybeThere());
    Work fresh = add(provision("new")).start().getFirst();
    assertFalse(fresh.maybeThere());
    lanes.finished(fresh);
    assertTrue(add(provision("new")).start().getFirst().maybeThere());
  }

  /// Any order of commands and completions: no worker has two works at once, no limit is passed, every command is
  /// settled exactly once, and a worker whose destruction was asked last saw a destruction.
  @Test
  void anyScheduleKeepsThePromises() {
    for (int seed = 0; seed < 300; seed++) {
      schedule(new Random(seed), seed);
    }
  }

  private static void schedule(Random random, int seed) {
    Lanes lanes = new Lanes(2, 3);
    LowWaterMark mark = new LowWaterMark();
    List<Work> running = new ArrayList<>();
    Set<Long> settled = new HashSet<>();
    Set<String> lastWasDestroy = new HashSet<>();
    Set<String> condemned = new HashSet<>();
    int commands = 60;
    int openAt = random.nextInt(20);
    for (int i = 0; i < commands || !running.isEmpty(); i++) {
      if (i == openAt) {
        take(lanes.open(), running, settled, mark, seed);
      }
      if (i < commands) {
        String id = "w" + random.nextInt(8);
        boolean destroy = random.nextInt(3) == 0;
        Position at = new Position(0, i);
        mark.opened(at);
        take(lanes.add(destroy ? destroy(id) : provision(id), at), running, settled, mark, seed);
        if (destroy) {
          condemned.add(id);
        }
      }
      if (!running.isEmpty() && (i >= commands || random.nextBoolean())) {
        Work done = running.remove(random.nextInt(running.size()));
        if (done.command() instanceof Command.Destroy) {
          lastWasDestroy.add(done.command().workerId());
        } else {
          lastWasDestroy.remove(done.command().workerId());
        }
        take(lanes.finished(done), running, settled, mark, seed);
      }
    }
    assertEquals(commands, settled.size(), "seed " + seed);
    assertEquals((long) commands, mark.committable().get(0), "seed " + seed);
    assertEquals(condemned, lastWasDestroy, "seed " + seed);
    assertEquals(0, lanes.size(), "seed " + seed);
  }

  private static void take(Turn turn, List<Work> running, Set<Long> settled, LowWaterMark mark, int seed) {
    running.addAll(turn.start());
    for (Position position : turn.settled()) {
      assertTrue(settled.add(position.offset()), "settled twice, seed " + seed);
      mark.settled(position);
    }
    Set<@Nullable String> ids = new HashSet<>();
    running.forEach(work -> assertTrue(ids.add(work.command().workerId()), "two at once, seed " + seed));
    assertTrue(running.stream().filter(w -> w.command() instanceof Command.Provision).count() <= 2, "seed " + seed);
    assertTrue(running.stream().filter(w -> w.command() instanceof Command.Destroy).count() <= 3, "seed " + seed);
  }
}
