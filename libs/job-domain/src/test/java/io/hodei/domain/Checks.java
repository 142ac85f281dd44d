package io.hodei.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.domain.Scene.Check;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/// What a test may demand of a [Scene]. Events and effects are those since the last `when`.
final class Checks {
  private Checks() {}

  static Check jobIs(String id, JobState state) {
    return scene -> {
      Job job = scene.job(id);
      Job there = job == null ? scene.ended.get(new JobId(id)) : job;
      assertNotNull(there, "job " + id);
      assertEquals(state, there.state(), () -> "job " + id + ": " + there.head().history().transitions());
    };
  }

  static Check jobEnded(String id, JobState state, JobReason reason) {
    return scene -> {
      jobIs(id, state).of(scene);
      Job.Ended end = scene.ended.get(new JobId(id));
      assertNotNull(end);
      assertEquals(reason, end.result().reason());
    };
  }

  /// What an ended job is told to do about it.
  static Check advised(String id, String action) {
    return scene -> {
      Job.Ended end = scene.ended.get(new JobId(id));
      assertNotNull(end);
      assertEquals(action, end.result().suggestedAction());
    };
  }

  static Check attemptOf(String id, int attempt) {
    return scene -> {
      Job job = scene.job(id);
      assertNotNull(job, "open job " + id);
      assertEquals(attempt, job.head().attempt());
    };
  }

  /// How many jobs wait for nothing but a slot.
  static Check queued(int count) {
    return scene -> assertEquals(count, scene.shard().queued("default"), "queued jobs");
  }

  static Check noSuchJob(String id) {
    return scene -> {
      assertNull(scene.job(id));
      assertNull(scene.ended.get(new JobId(id)));
    };
  }

  static Check workerIs(String id, WorkerState state) {
    return scene -> assertEquals(state, scene.existing(id).state(), "worker " + id);
  }

  static Check noSuchWorker(String id) {
    return scene -> assertNull(scene.worker(id), "worker " + id);
  }

  static Check workers(int count) {
    return scene -> assertEquals(count, scene.rows.workers.size(), () -> "workers " + scene.rows.workers.keySet());
  }

  /// Exactly these events of a job, in order.
  static Check jobEvents(String id, String... types) {
    return scene -> assertEquals(List.of(types), scene.last().events().stream()
        .filter(e -> e instanceof Recorded.OfJob job && job.after().id().value().equals(id))
        .map(e -> ((Recorded.OfJob) e).event().type()).toList(), "events of job " + id);
  }

  /// Exactly these events of a worker, in order.
  static Check workerEvents(String id, String... types) {
    return scene -> assertEquals(List.of(types), scene.last().events().stream()
        .filter(e -> e instanceof Recorded.OfWorker worker && worker.after().id().value().equals(id))
        .map(e -> ((Recorded.OfWorker) e).event().type()).toList(), "events of worker " + id);
  }

  /// Exactly these kinds of effects, in order.
  @SafeVarargs
  @SuppressWarnings("varargs")
  static Check effects(Class<? extends Effect>... kinds) {
    return scene -> assertEquals(Arrays.asList(kinds), scene.last().effects().stream().map(Object::getClass).toList(), "effects");
  }

  static Check destroyAsked(String worker, DestroyCause cause, TerminationReason reason, Duration grace) {
    return scene -> {
      List<Effect.DestroyWorker> asked = scene.last().effects().stream().filter(Effect.DestroyWorker.class::isInstance)
          .map(Effect.DestroyWorker.class::cast).filter(e -> e.worker().value().equals(worker)).toList();
      assertEquals(1, asked.size(), () -> "destructions of " + worker + " among " + scene.last().effects());
      assertEquals(cause, asked.getFirst().cause());
      assertEquals(reason, asked.getFirst().reason());
      assertEquals(grace, asked.getFirst().grace());
    };
  }

  static Check startAnswered(boolean granted) {
    return scene -> assertEquals(List.of(granted), scene.last().effects().stream().filter(Effect.AnswerStart.class::isInstance)
        .map(e -> ((Effect.AnswerStart) e).granted()).toList(), "answers");
  }

  static Check startRefused(Refusal refusal) {
    return scene -> assertEquals(List.of(refusal), scene.last().effects().stream().filter(Effect.AnswerStart.class::isInstance)
        .map(e -> ((Effect.AnswerStart) e).refusal()).toList(), "refusals");
  }

  static Check refused(Refusal refusal) {
    return scene -> assertTrue(scene.last().refusals().contains(refusal),
        () -> "Expected " + refusal + ", but found " + scene.last().refusals());
  }

  static Check rejected(String code, String field) {
    return scene -> assertEquals(List.of(code + " " + field), scene.last().events().stream().filter(Recorded.OfRejection.class::isInstance)
        .map(e -> ((Recorded.OfRejection) e).code() + " " + ((Recorded.OfRejection) e).field()).toList());
  }

  static Check nothingHappened() {
    return scene -> {
      assertEquals(List.of(), scene.last().events());
      assertEquals(List.of(), scene.last().effects());
    };
  }
}
