package io.hodei.domain;

import io.hodei.domain.WorkerEvent.DeadlineMoved;
import io.hodei.domain.WorkerEvent.DestroyBegun;
import io.hodei.domain.WorkerEvent.DestroyRepeated;
import io.hodei.domain.WorkerEvent.ReferenceRecorded;
import io.hodei.domain.WorkerEvent.StartRecorded;
import io.hodei.domain.WorkerEvent.TokenRecorded;
import io.hodei.domain.WorkerEvent.WorkerBusy;
import io.hodei.domain.WorkerEvent.WorkerCleanedUp;
import io.hodei.domain.WorkerEvent.WorkerConnected;
import io.hodei.domain.WorkerEvent.WorkerConnectionRefused;
import io.hodei.domain.WorkerEvent.WorkerCreated;
import io.hodei.domain.WorkerEvent.WorkerDestroyFailed;
import io.hodei.domain.WorkerEvent.WorkerDraining;
import io.hodei.domain.WorkerEvent.WorkerFailedSelfReported;
import io.hodei.domain.WorkerEvent.WorkerHeartbeat;
import io.hodei.domain.WorkerEvent.WorkerIdleTimeout;
import io.hodei.domain.WorkerEvent.WorkerJobCompleted;
import io.hodei.domain.WorkerEvent.WorkerLost;
import io.hodei.domain.WorkerEvent.WorkerProvisioningRequested;
import io.hodei.domain.WorkerEvent.WorkerReady;
import io.hodei.domain.WorkerEvent.WorkerTerminated;
import io.hodei.domain.WorkerEvent.WorkerTerminating;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A worker after an event. Pure; an event that the transition table forbids is a bug and throws.
public final class WorkerEvolution {
  private WorkerEvolution() {}

  /// `worker` is null for WorkerProvisioningRequested only.
  ///
  /// @throws IllegalStateException when the transition is illegal
  public static Worker evolve(@Nullable Worker worker, WorkerEvent event, Instant at) {
    if (event instanceof WorkerProvisioningRequested e) {
      return new Worker.Creating(new WorkerHead(e.id(), e.pool(), e.provider(), e.providerId(), e.mode(), e.shape(), e.lifetime(), e.binding(), at, at,
          null, null, null, null, null, null, null, 0, 1), e.deadline());
    }
    if (worker == null) {
      throw new IllegalStateException("Expected a worker before " + event.type() + ", but there is none");
    }
    Worker next = after(worker, event, at);
    if (next.state() != worker.state() && !worker.state().canTransitionTo(next.state())) {
      throw new IllegalStateException("Expected a legal transition of worker " + worker.id() + ", but " + worker.state() + " → "
          + next.state() + " by " + event.type());
    }
    return next;
  }

  private static Worker after(Worker worker, WorkerEvent event, Instant at) {
    WorkerHead head = event instanceof WorkerEvent.Silent ? worker.head() : worker.head().next();
    return switch (event) {
      case WorkerProvisioningRequested e -> throw new IllegalStateException("Expected no worker before its provisioning, but found " + worker.id());
      case TokenRecorded e -> with(worker, head.token(e.hash()), null);
      case ReferenceRecorded e -> with(worker, head.ref(e.providerRef()), null);
      case WorkerCreated e -> new Worker.Connecting(head.since(at).ref(e.providerRef()), e.deadline());
      case WorkerConnected e -> with(worker, head.boot(e.bootId(), at), null);
      case WorkerConnectionRefused e -> with(worker, head, null);
      case WorkerReady e -> new Worker.Ready(head.since(at).ready(at), e.deadline());
      case WorkerBusy e -> new Worker.Busy(head.since(at).bound(e.binding()), e.deadline());
      case StartRecorded e -> with(worker, head.started(at), e.deadline());
      case DeadlineMoved e -> with(worker, head, e.deadline());
      case WorkerHeartbeat e -> with(worker, head.beat(at), null);
      case WorkerJobCompleted e -> with(worker, head.attemptEnded(at), null);
      case WorkerDraining e -> new Worker.Draining(head.since(at), e.deadline());
      case WorkerIdleTimeout e -> with(worker, head, null);
      case WorkerLost e -> with(worker, head, null);
      case WorkerFailedSelfReported e -> with(worker, head, null);
      case WorkerTerminating e -> new Worker.Terminating(head.since(at), e.ending(), e.held() ? 0 : 1, e.deadline());
      case DestroyBegun e -> begun(worker, head, e);
      case DestroyRepeated e -> repeated(worker, head, 1, e.deadline());
      case WorkerDestroyFailed e -> repeated(worker, head, 0, e.deadline());
      case WorkerTerminated e -> terminated(worker, head.since(at), e.goneAt());
      case WorkerCleanedUp e -> cleaned(worker, head, at, e.forgetAt());
    };
  }

  private static Worker begun(Worker worker, WorkerHead head, DestroyBegun event) {
    if (worker instanceof Worker.Terminating w && w.isHeld()) {
      return new Worker.Terminating(head, w.ending().by(event.cause()), 1, event.deadline());
    }
    throw new IllegalStateException("Expected a held destruction of worker " + worker.id() + ", but found " + worker);
  }

  private static Worker repeated(Worker worker, WorkerHead head, int more, Instant deadline) {
    if (worker instanceof Worker.Terminating w) {
      return new Worker.Terminating(head, w.ending(), w.tries() + more, deadline);
    }
    throw new IllegalStateException("Expected TERMINATING of worker " + worker.id() + ", but found " + worker.state());
  }

  private static Worker terminated(Worker worker, WorkerHead head, Instant goneAt) {
    if (worker instanceof Worker.Terminating w) {
      Instant ended = head.attemptEndedAt();
      return new Worker.Terminated(head, w.ending(), goneAt, ended == null ? null : Math.max(0, Duration.between(ended, goneAt).toMillis()), null, null);
    }
    throw new IllegalStateException("Expected TERMINATING of worker " + worker.id() + ", but found " + worker.state());
  }

  private static Worker cleaned(Worker worker, WorkerHead head, Instant at, Instant forgetAt) {
    if (worker instanceof Worker.Terminated w) {
      return new Worker.Terminated(head, w.ending(), w.goneAt(), w.finishedToDestroyedMs(), at, forgetAt);
    }
    throw new IllegalStateException("Expected TERMINATED of worker " + worker.id() + ", but found " + worker.state());
  }

  private static Worker with(Worker worker, WorkerHead head, @Nullable Instant moved) {
    return switch (worker) {
      case Worker.Creating w -> new Worker.Creating(head, moved == null ? w.deadline() : moved);
      case Worker.Connecting w -> new Worker.Connecting(head, moved == null ? w.deadline() : moved);
      case Worker.Ready w -> new Worker.Ready(head, moved == null ? w.deadline() : moved);
      case Worker.Busy w -> new Worker.Busy(head, moved == null ? w.deadline() : moved);
      case Worker.Draining w -> new Worker.Draining(head, moved == null ? w.deadline() : moved);
      case Worker.Terminating w -> new Worker.Terminating(head, w.ending(), w.tries(), moved == null ? w.deadline() : moved);
      case Worker.Terminated w -> new Worker.Terminated(head, w.ending(), w.goneAt(), w.finishedToDestroyedMs(), w.cleanedAt(), w.deadline());
    };
  }
}
