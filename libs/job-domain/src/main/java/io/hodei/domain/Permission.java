package io.hodei.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The answer to an agent's question whether it may execute, and what follows from a yes.
final class Permission {
  private final Turn turn;
  private final Rules rules;
  private final Instant now;

  Permission(Turn turn, Rules rules, Instant now) {
    this.turn = turn;
    this.rules = rules;
    this.now = now;
  }

  void answer(Input.AgentStarting question) {
    Worker worker = turn.worker(question.worker());
    Refusal refusal;
    if (worker == null) {
      refusal = Refusal.UNKNOWN_WORKER;
    } else if (!question.bootId().equals(worker.head().bootId())) {
      refusal = Refusal.WRONG_BOOT;
    } else if (!worker.isConnected() || worker.head().binding() == null || !worker.head().binding().job().equals(question.job())) {
      refusal = Refusal.NOT_IN_THIS_STATE;
    } else {
      refusal = permit(question);
    }
    turn.effect(new Effect.AnswerStart(question.worker(), question.bootId(), question.job(), question.epoch(), refusal == null, refusal));
  }

  /// Null when the agent may execute: now, or since its question was answered before.
  private @Nullable Refusal permit(Input.AgentStarting question) {
    Job job = turn.job(question.job());
    if (job == null) {
      return Refusal.ALREADY_TERMINAL;
    }
    return switch (rules.jobs().decide(job, new JobCommand.StartJob(question.worker(), question.epoch()), now)) {
      case Verdict.Accepted<JobEvent> accepted -> {
        accepted.events().forEach(event -> turn.record(question.job(), event));
        turn.ask(question.worker(), new WorkerCommand.RecordStart());
        yield null;
      }
      case Verdict.Refused<JobEvent>(var refusal) -> refusal == Refusal.DUPLICATE ? null : refusal;
    };
  }
}
