package io.hodei.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One job and one worker of every state, and every command: the rows and columns of the state matrix.
final class Samples {
  static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  static final WorkerId W = new WorkerId("w");
  private static final WorkerId OTHER = new WorkerId("other");
  private static final Assignment ASSIGNMENT = new Assignment(W, 1, 1);
  private static final Ending ENDING = new Ending(TerminationReason.JOB_COMPLETED, DestroyCause.IMMEDIATE, JobReason.EXIT_CODE,
      Category.INFRASTRUCTURE, "Its attempt ended.");

  private Samples() {}

  static Map<String, Job> jobs() {
    Ask ask = Ask.job("j").attempts(2);
    JobHead head = new JobHead(new JobId("j"), ask.spec(), ask.origin(NOW), 1, 1, null, JobHistory.NONE);
    Map<String, Job> jobs = new LinkedHashMap<>();
    jobs.put("PENDING", new Job.Pending(head, NOW, NOW, NOW.plusSeconds(60)));
    jobs.put("SCHEDULED", new Job.Scheduled(head, ASSIGNMENT));
    jobs.put("ASSIGNED", new Job.Assigned(head, ASSIGNMENT));
    jobs.put("RUNNING", new Job.Running(head, ASSIGNMENT, NOW));
    jobs.put("RUNNING, cancel requested", new Job.Running(head.with(new CancelRequest(NOW, "ann")), ASSIGNMENT, NOW));
    for (JobState end : List.of(JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED, JobState.TIMEOUT)) {
      jobs.put(end.name(), new Job.Ended(head, end, Steps.SUCCESS, NOW));
    }
    return jobs;
  }

  static Map<String, JobCommand> jobCommands() {
    Map<String, JobCommand> commands = new LinkedHashMap<>();
    commands.put("ScheduleJob", new JobCommand.ScheduleJob(W, "process", "p-1"));
    commands.put("BindJob", new JobCommand.BindJob(W));
    commands.put("AssignJob", new JobCommand.AssignJob(W));
    commands.put("AssignJob, other worker", new JobCommand.AssignJob(OTHER));
    commands.put("StartJob", new JobCommand.StartJob(W, 1));
    commands.put("StartJob, old epoch", new JobCommand.StartJob(W, 0));
    commands.put("EndAttempt, success", new JobCommand.EndAttempt(W, 1, Steps.SUCCESS));
    commands.put("EndAttempt, failure, attempts left", new JobCommand.EndAttempt(W, 1, Steps.exit(3)));
    commands.put("EndAttempt, timeout", new JobCommand.EndAttempt(W, 1,
        AttemptResult.failure(JobReason.TIMEOUT, Category.TIMEOUT, "Too long.", "Allow more.")));
    commands.put("EndAttempt, old epoch", new JobCommand.EndAttempt(W, 0, Steps.SUCCESS));
    commands.put("CancelJob", new JobCommand.CancelJob("ann"));
    commands.put("ExpireQueue", new JobCommand.ExpireQueue());
    return commands;
  }

  static Map<String, Worker> workers() {
    Binding binding = new Binding(new JobId("j"), 1, 1, "c", "default", Duration.ofMinutes(10));
    Instant deadline = NOW.plusSeconds(60);
    WorkerHead fresh = new WorkerHead(W, "default", "process", "p-1", WorkerMode.REUSABLE, "", Duration.ofHours(24), binding, NOW, NOW, null, null, null, null, null, null, null, 0, 1);
    WorkerHead made = fresh.token("hash").ref("pid");
    WorkerHead called = made.boot("boot", NOW).ready(NOW);
    Map<String, Worker> workers = new LinkedHashMap<>();
    workers.put("CREATING", new Worker.Creating(fresh, deadline));
    workers.put("CONNECTING", new Worker.Connecting(made, deadline));
    workers.put("READY", new Worker.Ready(called, deadline));
    workers.put("READY, idle", new Worker.Ready(called.started(NOW).attemptEnded(NOW).ready(NOW), deadline));
    workers.put("BUSY", new Worker.Busy(called, deadline));
    workers.put("BUSY, started", new Worker.Busy(called.started(NOW), deadline));
    workers.put("DRAINING", new Worker.Draining(called.started(NOW), deadline));
    workers.put("DRAINING, kept", new Worker.Draining(called.started(NOW).attemptEnded(NOW), deadline));
    workers.put("TERMINATING", new Worker.Terminating(called.started(NOW).attemptEnded(NOW), ENDING, 1, deadline));
    workers.put("TERMINATING, held", new Worker.Terminating(called.started(NOW).attemptEnded(NOW), ENDING.by(DestroyCause.GC), 0, deadline));
    workers.put("TERMINATED", new Worker.Terminated(called.started(NOW).attemptEnded(NOW), ENDING, NOW, 5L, null, null));
    workers.put("TERMINATED, clean", new Worker.Terminated(called.started(NOW).attemptEnded(NOW), ENDING, NOW, 5L, NOW, deadline));
    return workers;
  }

  static Map<String, WorkerCommand> workerCommands() {
    Map<String, WorkerCommand> commands = new LinkedHashMap<>();
    commands.put("RecordToken", new WorkerCommand.RecordToken("hash"));
    commands.put("RecordCreation", new WorkerCommand.RecordCreation("pid"));
    commands.put("RecordCreateFailure", new WorkerCommand.RecordCreateFailure(JobReason.PROVISION_FAILED, "No space."));
    commands.put("Connect", new WorkerCommand.Connect("boot"));
    commands.put("Connect, other boot", new WorkerCommand.Connect("impostor"));
    commands.put("RecordStart", new WorkerCommand.RecordStart());
    commands.put("FinishAttempt", new WorkerCommand.FinishAttempt(Steps.SUCCESS, JobState.SUCCEEDED, null));
    commands.put("FinishAttempt, unfit", new WorkerCommand.FinishAttempt(Steps.SUCCESS, JobState.SUCCEEDED, "It could not clean up."));
    commands.put("BindAttempt", new WorkerCommand.BindAttempt(new Binding(new JobId("k"), 1, 1, "c", "default", Duration.ofMinutes(10))));
    commands.put("RetireWorker", new WorkerCommand.RetireWorker("Its slot is wanted."));
    commands.put("ReviseDeadline", new WorkerCommand.ReviseDeadline());
    commands.put("ReleaseWorker", new WorkerCommand.ReleaseWorker("Cancelled."));
    commands.put("HurryAttempt", new WorkerCommand.HurryAttempt(NOW.plusSeconds(20)));
    commands.put("RecordBeat, a minute later", new WorkerCommand.RecordBeat());
    commands.put("RecordExit", new WorkerCommand.RecordExit("It exited."));
    commands.put("ExpireLease", new WorkerCommand.ExpireLease("Silent."));
    commands.put("RecordGhost", new WorkerCommand.RecordGhost(1));
    commands.put("RecordGhost, old sequence", new WorkerCommand.RecordGhost(0));
    commands.put("ReportFailure", new WorkerCommand.ReportFailure("It failed."));
    commands.put("DrainWorker", new WorkerCommand.DrainWorker("ann"));
    commands.put("DestroyWorker", new WorkerCommand.DestroyWorker("ann"));
    commands.put("CollectWorker", new WorkerCommand.CollectWorker());
    commands.put("RecordDestroyFailure", new WorkerCommand.RecordDestroyFailure("Busy."));
    commands.put("RecordGone", new WorkerCommand.RecordGone(NOW));
    commands.put("RecordClean", new WorkerCommand.RecordClean());
    commands.put("ExpireDeadline", new WorkerCommand.ExpireDeadline(NOW.minusSeconds(86_400), NOW.minusSeconds(86_388)));
    commands.put("ExpireDeadline, after a pause", new WorkerCommand.ExpireDeadline(NOW.plusSeconds(86_400), NOW.plusSeconds(86_412)));
    return commands;
  }
}
