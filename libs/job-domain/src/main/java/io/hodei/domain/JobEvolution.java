package io.hodei.domain;

import io.hodei.domain.JobEvent.JobAssigned;
import io.hodei.domain.JobEvent.JobAttemptEnded;
import io.hodei.domain.JobEvent.JobCancelRequested;
import io.hodei.domain.JobEvent.JobCompleted;
import io.hodei.domain.JobEvent.JobQueued;
import io.hodei.domain.JobEvent.JobRetryScheduled;
import io.hodei.domain.JobEvent.JobScheduled;
import io.hodei.domain.JobEvent.JobStarted;
import io.hodei.domain.JobEvent.JobSubmitted;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A job after an event. Pure; an event that the transition table forbids is a bug and throws.
public final class JobEvolution {
  private JobEvolution() {}

  /// `job` is null for JobSubmitted only.
  ///
  /// @throws IllegalStateException when the transition is illegal
  public static Job evolve(@Nullable Job job, JobEvent event, Instant at) {
    if (event instanceof JobSubmitted submitted) {
      JobHead head = new JobHead(submitted.id(), submitted.spec(), submitted.origin(), 0, 0, null, JobHistory.NONE);
      return new Job.Pending(noted(head, event, at), at, at, at.plus(submitted.spec().queueTimeout()));
    }
    if (job == null) {
      throw new IllegalStateException("Expected a job before " + event.type() + ", but there is none");
    }
    Job next = after(job, event, at);
    if (next.state() != job.state() && !job.state().canTransitionTo(next.state())) {
      throw new IllegalStateException("Expected a legal transition of job " + job.id() + ", but " + job.state() + " → " + next.state()
          + " by " + event.type());
    }
    return next;
  }

  private static Job after(Job job, JobEvent event, Instant at) {
    JobHead head = noted(job.head(), event, at);
    return switch (event) {
      case JobSubmitted e -> throw new IllegalStateException("Expected no job before JobSubmitted, but found " + job.id());
      case JobQueued e -> new Job.Pending(head.with(head.history().queued(at)), at, e.eligibleAt(), e.deadline());
      case JobScheduled e -> new Job.Scheduled(head.with(e.assignment()).with(head.history().scheduled(e.assignment().worker())), e.assignment());
      case JobAssigned e -> new Job.Assigned(head.with(e.assignment()).with(head.history().scheduled(e.assignment().worker()).assigned(at)), e.assignment());
      case JobStarted e -> new Job.Running(head.with(head.history().started(at)), e.assignment(), at);
      case JobAttemptEnded e -> withHead(job, head.with(head.history().ended(e.result(), logOf(e, head, at))));
      case JobRetryScheduled e -> withHead(job, head);
      case JobCancelRequested e -> withHead(job, head.with(new CancelRequest(at, e.actor())));
      case JobCompleted e -> new Job.Ended(head, e.state(), e.result(), at);
    };
  }

  private static LogRef logOf(JobAttemptEnded event, JobHead head, Instant at) {
    LogRef told = event.result().log();
    int attempt = event.assignment().attempt();
    LogRef known = told != null ? told : head.history().startedAt() == null ? LogRef.empty(attempt) : LogRef.unknown(attempt);
    return known.between(head.history().startedAt(), at);
  }

  private static Job withHead(Job job, JobHead head) {
    return switch (job) {
      case Job.Pending j -> new Job.Pending(head, j.queuedAt(), j.eligibleAt(), j.deadline());
      case Job.Scheduled j -> new Job.Scheduled(head, j.assignment());
      case Job.Assigned j -> new Job.Assigned(head, j.assignment());
      case Job.Running j -> new Job.Running(head, j.assignment(), j.startedAt());
      case Job.Ended j -> throw new IllegalStateException("Expected no event after the end of job " + j.id());
    };
  }

  private static JobHead noted(JobHead head, JobEvent event, Instant at) {
    Assignment assignment = assignmentOf(event);
    AttemptResult result = resultOf(event);
    return head.with(head.history().with(new Transition(at, event.type(), assignment == null ? head.attempt() : assignment.attempt(),
        assignment == null ? null : assignment.worker(), result == null ? null : result.reason().name())));
  }

  /// The assignment that an event speaks of; null when of none.
  public static @Nullable Assignment assignmentOf(JobEvent event) {
    return switch (event) {
      case JobScheduled e -> e.assignment();
      case JobAssigned e -> e.assignment();
      case JobStarted e -> e.assignment();
      case JobAttemptEnded e -> e.assignment();
      default -> null;
    };
  }

  /// The result that an event speaks of; null when of none.
  public static @Nullable AttemptResult resultOf(JobEvent event) {
    return switch (event) {
      case JobAttemptEnded e -> e.result();
      case JobCompleted e -> e.result();
      default -> null;
    };
  }
}
