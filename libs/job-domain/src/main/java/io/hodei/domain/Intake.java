package io.hodei.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What becomes of a request, and of a cancellation that may come before its job: known by its id or key, a conflict, or a job.
record Intake(Rows rows, ShardLimits limits, Instant now) {
  void submit(Turn turn, Input.SubmitJob submit, Cause cause) {
    if (isKnown(turn, submit, cause)) {
      return;
    }
    open(turn, submit);
    turn.record(submit.id(), new JobEvent.JobQueued(now, now.plus(submit.spec().queueTimeout())));
    ParkedCancel parked = rows.parked(submit.id());
    if (parked != null) {
      turn.ask(submit.id(), new JobCommand.CancelJob(parked.cause().actor()));
      turn.outcome().parked().put(submit.id(), null);
    }
  }

  /// It was accepted under another pool than there is now: a job it is, and it ends at once.
  void refuse(Turn turn, Input.RefuseJob refused, Cause cause) {
    if (isKnown(turn, refused.submit(), cause)) {
      return;
    }
    open(turn, refused.submit());
    turn.record(refused.submit().id(), new JobEvent.JobCompleted(JobState.FAILED, AttemptResult.failure(JobReason.REFUSED, Category.CONFIGURATION,
        refused.violation().message(), "Its pool was changed after it had been accepted: see ./hodei pools, and submit it again.")));
    turn.outcome().parked().put(refused.submit().id(), null);
  }

  void cancel(Turn turn, Input.CancelJob cancel, Cause cause) {
    if (turn.job(cancel.job()) == null && rows.remembered(Shard.idKey(cancel.job())) == null) {
      turn.outcome().parked().put(cancel.job(), new ParkedCancel(cancel.job(), cause, now.plus(limits.cancelParking())));
      turn.refused(Refusal.UNKNOWN_JOB);
    } else {
      turn.ask(cancel.job(), new JobCommand.CancelJob(cause.actor()));
    }
  }

  private boolean isKnown(Turn turn, Input.SubmitJob submit, Cause cause) {
    Remembered known = rows.remembered(Shard.idKey(submit.id()));
    String field = "id";
    String key = submit.spec().idempotencyKey();
    if (known == null && key != null) {
      known = alive(rows.remembered(Shard.keyKey(submit.spec().tenant(), key)), submit.origin().submittedAt());
      field = "idempotencyKey";
    }
    if (known == null) {
      return false;
    }
    if (known.requestHash().equals(submit.origin().requestHash())) {
      turn.refused(Refusal.DUPLICATE);
    } else {
      turn.refused(Refusal.CONFLICT);
      turn.outcome().events().add(new Recorded.OfRejection(submit.id(), "conflict", field, "Expected the same request as before for this "
          + field + ", but it differs from that of job " + known.job() + "; use another " + field + ".", submit.origin().source(),
          submit.origin().correlationId(), now, cause));
    }
    return true;
  }

  private void open(Turn turn, Input.SubmitJob submit) {
    String key = submit.spec().idempotencyKey();
    turn.outcome().ledger().put(Shard.idKey(submit.id()), new Remembered(submit.id(), submit.origin().requestHash(), null, null));
    if (key != null) {
      turn.outcome().ledger().put(Shard.keyKey(submit.spec().tenant(), key),
          new Remembered(submit.id(), submit.origin().requestHash(), null, submit.origin().submittedAt().plus(limits.keyWindow())));
    }
    turn.record(submit.id(), new JobEvent.JobSubmitted(submit.id(), submit.spec(), submit.origin()));
  }

  private static @Nullable Remembered alive(@Nullable Remembered entry, Instant at) {
    return entry == null || (entry.expiresAt() != null && !at.isBefore(entry.expiresAt())) ? null : entry;
  }
}
