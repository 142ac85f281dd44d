package io.hodei.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hodei.domain.*;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A job or worker of any state, written as a row and read again, is the same.
class RowsTest {
  private static final Instant T = Instant.parse("2026-01-01T00:00:00.123Z");

  static Stream<Job> jobs() {
    JobSpec spec = new JobSpec("j", "name", "default", List.of("sh", "-c", "x"), null, null, Map.of("A", "b"), List.of(), "/tmp", null,
        Duration.ofMinutes(5), Duration.ofHours(1), 7, new RetryPolicy(3, Duration.ofSeconds(1), Duration.ofSeconds(9), List.of(3), List.of("WORKER_LOST")),
        "key", Map.of("k", "v"), "tenant", "ann", "corr", null, "old");
    Origin origin = new Origin("hodei.job-requests-0-5", "hash", T, "corr", "ann", "00-1-2-01");
    AttemptResult failure = new AttemptResult(JobReason.EXIT_CODE, Category.USER_CODE, 3, null, "It exited with 3.", "Look at its log.", null);
    JobHistory history = new JobHistory(T, T.plusMillis(1), T.plusMillis(2), new WorkerId("w"), failure,
        List.of(new LogRef(1, 2, 10, 12, 3, 40, true, T, T.plusMillis(9)), new LogRef(2, -1, -1, -1, -1, -1, false, null, T)),
        List.of(new Transition(T, "JobSubmitted", 0, null, null), new Transition(T, "JobScheduled", 1, new WorkerId("w"), "EXIT_CODE")), 9);
    JobHead head = new JobHead(new JobId("j"), spec, origin, 2, 2, null, history);
    JobHead asked = new JobHead(new JobId("j"), spec, origin, 2, 2, new CancelRequest(T, "bob"), history);
    Assignment assignment = new Assignment(new WorkerId("w"), 2, 2);
    return Stream.concat(
        Stream.of(new Job.Pending(head, T, T.plusSeconds(3), T.plusSeconds(60)), new Job.Scheduled(head, assignment), new Job.Assigned(head, assignment),
            new Job.Running(head, assignment, T.plusMillis(2)), new Job.Running(asked, assignment, T.plusMillis(2))),
        Stream.of(JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED, JobState.TIMEOUT).map(state -> new Job.Ended(head, state, failure, T)));
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void aJobSurvivesItsRow(Job job) {
    assertEquals(job, JobRows.read(JobRows.write(job)));
  }

  static Stream<Worker> workers() {
    Binding binding = new Binding(new JobId("j"), 2, 3, "corr", "tenant", Duration.ofMinutes(5));
    WorkerHead bare = new WorkerHead(new WorkerId("w"), "default", "process", "p-1", WorkerMode.EPHEMERAL, "", Duration.ofMinutes(7), binding, T, T, null, null, null, null, null, null, null, 0, 1);
    WorkerHead full = new WorkerHead(new WorkerId("w"), "default", "process", "p-1", WorkerMode.REUSABLE, "0123abcd", Duration.ofHours(1), binding, T, T.plusMillis(1), "pid",
        "hash", "boot", T.plusMillis(2), T.plusMillis(3), T.plusMillis(4), T.plusMillis(5), 1, 12);
    WorkerHead idle = new WorkerHead(new WorkerId("w"), "default", "process", "p-1", WorkerMode.REUSABLE, "0123abcd", Duration.ofHours(1), null, T, T.plusMillis(1), "pid",
        "hash", "boot", T.plusMillis(2), null, null, T.plusMillis(5), 4, 19);
    Ending ending = new Ending(TerminationReason.LOST, DestroyCause.GC, JobReason.WORKER_LOST, Category.INFRASTRUCTURE, "It was silent.", "Listen.");
    Instant deadline = T.plusSeconds(60);
    return Stream.of(new Worker.Creating(bare, deadline), new Worker.Connecting(full, deadline), new Worker.Ready(full, deadline), new Worker.Ready(idle, deadline), new Worker.Terminating(idle, ending, 1, deadline),
        new Worker.Busy(full, deadline), new Worker.Draining(full, deadline), new Worker.Terminating(full, ending, 3, deadline),
        new Worker.Terminated(full, ending, T, 12L, null, null), new Worker.Terminated(full, ending, T, null, T.plusSeconds(1), deadline));
  }

  @ParameterizedTest
  @MethodSource("workers")
  void aWorkerSurvivesItsRow(Worker worker) {
    assertEquals(worker, WorkerRows.read(WorkerRows.write(worker)));
  }
}
