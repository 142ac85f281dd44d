package io.hodei.domain;

import io.hodei.domain.Job.Assigned;
import io.hodei.domain.Job.Ended;
import io.hodei.domain.Job.Pending;
import io.hodei.domain.Job.Running;
import io.hodei.domain.Job.Scheduled;
import io.hodei.domain.JobCommand.AssignJob;
import io.hodei.domain.JobCommand.BindJob;
import io.hodei.domain.JobCommand.CancelJob;
import io.hodei.domain.JobCommand.EndAttempt;
import io.hodei.domain.JobCommand.ExpireQueue;
import io.hodei.domain.JobCommand.ScheduleJob;
import io.hodei.domain.JobCommand.StartJob;
import io.hodei.domain.JobEvent.JobAssigned;
import io.hodei.domain.JobEvent.JobAttemptEnded;
import io.hodei.domain.JobEvent.JobCancelRequested;
import io.hodei.domain.JobEvent.JobCompleted;
import io.hodei.domain.JobEvent.JobQueued;
import io.hodei.domain.JobEvent.JobRetryScheduled;
import io.hodei.domain.JobEvent.JobScheduled;
import io.hodei.domain.JobEvent.JobStarted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What follows from a command to a job, for every state: the heart's job half. Pure.
public final class JobDecisions {
  private record Step(Job job, JobCommand command) {}

  private JobDecisions() {}

  /// The events that `command` leads to at `now`, or the reason why it leads to none.
  public static Verdict<JobEvent> decide(Job job, JobCommand command, Instant now) {
    return switch (new Step(job, command)) {
      case Step(Pending p, ScheduleJob c) when p.head().cancel() == null ->
          Verdict.accept(new JobScheduled(new Assignment(c.worker(), p.head().attempt() + 1, p.head().epoch() + 1), c.provider(), c.providerId()));
      case Step(Pending p, ScheduleJob c) -> Verdict.refuse(Refusal.CANCEL_REQUESTED);
      case Step(Pending p, BindJob c) when p.head().cancel() == null ->
          Verdict.accept(new JobAssigned(new Assignment(c.worker(), p.head().attempt() + 1, p.head().epoch() + 1)));
      case Step(Pending p, BindJob c) -> Verdict.refuse(Refusal.CANCEL_REQUESTED);
      case Step(Pending p, CancelJob c) -> cancelled(c, "Cancelled before it started.");
      case Step(Pending p, ExpireQueue c) -> Verdict.accept(new JobCompleted(JobState.TIMEOUT, queueTimeout(p)));
      case Step(Pending p, AssignJob c) -> Verdict.refuse(Refusal.STALE_EPOCH);
      case Step(Pending p, StartJob c) -> Verdict.refuse(Refusal.STALE_EPOCH);
      case Step(Pending p, EndAttempt c) -> Verdict.refuse(Refusal.STALE_EPOCH);

      case Step(Scheduled s, AssignJob c) when s.assignment().worker().equals(c.worker()) -> Verdict.accept(new JobAssigned(s.assignment()));
      case Step(Scheduled s, AssignJob c) -> Verdict.refuse(Refusal.STALE_EPOCH);
      case Step(Scheduled s, EndAttempt c) -> end(s, s.assignment(), c, now);
      case Step(Scheduled s, CancelJob c) -> cancelled(c, "Cancelled while its worker was being made.");
      case Step(Scheduled s, BindJob c) -> Verdict.refuse(Refusal.NOT_IN_THIS_STATE);
      case Step(Scheduled s, ScheduleJob c) -> Verdict.refuse(Refusal.NOT_IN_THIS_STATE);
      case Step(Scheduled s, StartJob c) -> Verdict.refuse(Refusal.NOT_IN_THIS_STATE);
      case Step(Scheduled s, ExpireQueue c) -> Verdict.refuse(Refusal.NOT_IN_THIS_STATE);

      case Step(Assigned a, StartJob c) -> matches(a.assignment(), c.worker(), c.epoch())
          ? Verdict.accept(new JobStarted(a.assignment())) : Verdict.refuse(Refusal.STALE_EPOCH);
      case Step(Assigned a, EndAttempt c) -> end(a, a.assignment(), c, now);
      case Step(Assigned a, CancelJob c) -> cancelled(c, "Cancelled before its worker started it.");
      case Step(Assigned a, AssignJob c) -> Verdict.refuse(Refusal.DUPLICATE);
      case Step(Assigned a, BindJob c) -> Verdict.refuse(Refusal.NOT_IN_THIS_STATE);
      case Step(Assigned a, ScheduleJob c) -> Verdict.refuse(Refusal.NOT_IN_THIS_STATE);
      case Step(Assigned a, ExpireQueue c) -> Verdict.refuse(Refusal.NOT_IN_THIS_STATE);

      case Step(Running r, EndAttempt c) -> end(r, r.assignment(), c, now);
      case Step(Running r, CancelJob c) when r.head().cancel() == null -> Verdict.accept(new JobCancelRequested(c.actor()));
      case Step(Running r, CancelJob c) -> Verdict.refuse(Refusal.DUPLICATE);
      case Step(Running r, StartJob c) -> Verdict.refuse(r.head().cancel() != null ? Refusal.CANCEL_REQUESTED
          : matches(r.assignment(), c.worker(), c.epoch()) ? Refusal.DUPLICATE : Refusal.STALE_EPOCH);
      case Step(Running r, AssignJob c) -> Verdict.refuse(Refusal.DUPLICATE);
      case Step(Running r, BindJob c) -> Verdict.refuse(Refusal.NOT_IN_THIS_STATE);
      case Step(Running r, ScheduleJob c) -> Verdict.refuse(Refusal.NOT_IN_THIS_STATE);
      case Step(Running r, ExpireQueue c) -> Verdict.refuse(Refusal.NOT_IN_THIS_STATE);

      case Step(Ended e, CancelJob c) -> Verdict.refuse(e.state() == JobState.CANCELLED ? Refusal.DUPLICATE : Refusal.ALREADY_TERMINAL);
      case Step(Ended e, JobCommand c) -> Verdict.refuse(Refusal.ALREADY_TERMINAL);
    };
  }

  private static boolean matches(Assignment assignment, WorkerId worker, long epoch) {
    return assignment.worker().equals(worker) && assignment.epoch() == epoch;
  }

  private static Verdict<JobEvent> cancelled(CancelJob command, String message) {
    return Verdict.accept(new JobCancelRequested(command.actor()), new JobCompleted(JobState.CANCELLED,
        new AttemptResult(JobReason.CANCELLED, null, null, null, message, null, null)));
  }

  private static AttemptResult queueTimeout(Pending job) {
    Duration waited = Duration.between(job.queuedAt(), job.deadline());
    return AttemptResult.failure(JobReason.QUEUE_TIMEOUT, Category.TIMEOUT,
        "Expected a worker within " + waited.toMillis() + " ms, but none became free.",
        "Give the pool more workers, or the job a longer queueTimeout.");
  }

  private static Verdict<JobEvent> end(Job job, Assignment assignment, EndAttempt command, Instant now) {
    if (!matches(assignment, command.worker(), command.epoch())) {
      return Verdict.refuse(Refusal.STALE_EPOCH);
    }
    if (command.result().isSuccess() && job.state() != JobState.RUNNING) {
      return Verdict.refuse(Refusal.NOT_IN_THIS_STATE);
    }
    JobHead head = job.head();
    AttemptResult result = command.result();
    List<JobEvent> events = new ArrayList<>();
    events.add(new JobAttemptEnded(assignment, result));
    if (head.cancel() != null) {
      events.add(new JobCompleted(JobState.CANCELLED, new AttemptResult(JobReason.CANCELLED, null, result.exitCode(), result.signal(),
          "Cancelled while it ran.", null, null)));
    } else if (result.isSuccess()) {
      events.add(new JobCompleted(JobState.SUCCEEDED, result));
    } else if (mayRetry(head.spec().retry(), head.attempt(), result)) {
      Instant due = now.plus(head.spec().retry().waitBefore(head.attempt() + 1));
      events.add(new JobRetryScheduled(head.attempt() + 1, due));
      events.add(new JobQueued(due, due.plus(head.spec().queueTimeout())));
    } else {
      events.add(new JobCompleted(finalState(result.reason()), result));
    }
    return new Verdict.Accepted<>(events);
  }

  private static JobState finalState(JobReason reason) {
    return reason == JobReason.TIMEOUT || reason == JobReason.QUEUE_TIMEOUT ? JobState.TIMEOUT : JobState.FAILED;
  }

  private static boolean mayRetry(RetryPolicy policy, int attempt, AttemptResult result) {
    if (attempt >= policy.maxAttempts()) {
      return false;
    }
    if (policy.onExitCodes().isEmpty() && policy.onReasons().isEmpty()) {
      return finalState(result.reason()) == JobState.FAILED;
    }
    return policy.onReasons().contains(result.reason().name())
        || (result.exitCode() != null && policy.onExitCodes().contains(result.exitCode()));
  }
}
