package io.hodei.dispatcher;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.hodei.gateway.v1.AttendRequest;
import io.hodei.gateway.v1.BeatRequest;
import io.hodei.gateway.v1.Directive;
import io.hodei.gateway.v1.Leave;
import io.hodei.gateway.v1.ReportEndRequest;
import io.hodei.gateway.v1.StartReply;
import io.hodei.gateway.v1.StartRequest;
import io.hodei.kit.Settings;
import io.hodei.schemas.SessionSeen;
import io.hodei.schemas.WorkerCommand;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is answered to agents, and what agents are told: the gateway without its port and without Kafka. Keeps nothing that it could not fold
/// again from `hodei.worker-commands`. Any thread. `tokenHash` is the hex SHA-256 of the token that a call brought; the calls raise io.grpc's
/// status when they are refused.
public final class AgentCalls {
  private static final Logger LOG = LoggerFactory.getLogger(AgentCalls.class);

  private record Question(String workerId, String bootId, String jobId, long epoch) {
    static Question of(StartRequest request) {
      return new Question(request.getWorkerId(), request.getBootId(), request.getJobId(), request.getEpoch());
    }
  }

  private final Desk desk = new Desk();
  private final Sessions sessions;
  private final Facts facts;
  private final Directives directives;
  private final BooleanSupplier open;
  private final Map<Question, CompletableFuture<StartReply>> questions = new ConcurrentHashMap<>();

  /// @param nanos a monotonic clock
  /// @param open whether worker-commands was read up to its end
  public AgentCalls(Facts facts, Settings settings, LongSupplier nanos, BooleanSupplier open) {
    this.facts = facts;
    this.directives = new Directives(settings);
    this.sessions = new Sessions(nanos);
    this.open = open;
    desk.listen(this::commanded);
  }

  /// The next command of `hodei.worker-commands`.
  public void fold(WorkerCommand command) {
    desk.fold(command);
  }

  /// All sessions, to be reported.
  public List<SessionSeen> look() {
    return sessions.look();
  }

  void closeAll() {
    sessions.closeAll();
  }

  /// Opens or resumes a session; directives go to `stream` from now on.
  public void attend(AttendRequest request, @Nullable String tokenHash, StreamObserver<Directive> stream) {
    Desk.Post post = authenticated(request.getWorkerId(), tokenHash);
    if (!sessions.attend(request.getWorkerId(), request.getBootId(), stream)) {
      facts.send(facts.of("Connected", request.getWorkerId()).setBootId(request.getBootId()));
      throw bound();
    }
    facts.send(facts.of("Connected", request.getWorkerId()).setBootId(request.getBootId()));
    sessions.tell(request.getWorkerId(), directives.welcome());
    if (post.offer() != null) {
      sessions.tell(request.getWorkerId(), directives.assignment(post.offer()));
    }
    Desk.Post now = desk.post(request.getWorkerId());
    if (now == null) {
      leave(request.getWorkerId(), "It is to be destroyed.");
    } else if (now.cancelled() && now.offer() != null) {
      sessions.tell(request.getWorkerId(), Directives.cancel(now.offer()));
    }
  }

  public void beat(BeatRequest request, @Nullable String tokenHash) {
    authenticated(request.getWorkerId(), tokenHash);
    if (!sessions.beat(request.getWorkerId(), request.getBootId())) {
      throw bound();
    }
  }

  /// The answer to an agent that wants to execute, when the dispatcher has given it; it completes with an exception when the worker is to be
  /// destroyed. Who waits no longer says so by [#giveUp].
  public CompletableFuture<StartReply> start(StartRequest request, @Nullable String tokenHash) {
    Desk.Post post = authenticated(request.getWorkerId(), tokenHash);
    sessions.beat(request.getWorkerId(), request.getBootId());
    WorkerCommand known = post.answer();
    if (known != null && request.getBootId().equals(known.getBootId()) && request.getJobId().equals(known.getJobId())
        && known.getEpoch() != null && known.getEpoch() == request.getEpoch()) {
      return CompletableFuture.completedFuture(
          post.cancelled() ? StartReply.newBuilder().setGranted(false).setRefusal("CANCEL_REQUESTED").build() : replyOf(known));
    }
    CompletableFuture<StartReply> answer = questions.computeIfAbsent(Question.of(request), asked -> new CompletableFuture<>());
    try {
      facts.send(facts.of("Starting", request.getWorkerId()).setBootId(request.getBootId()).setJobId(request.getJobId()).setEpoch(request.getEpoch()));
    } catch (StatusRuntimeException e) {
      giveUp(request, answer);
      throw e;
    }
    return answer;
  }

  public void giveUp(StartRequest request, CompletableFuture<StartReply> answer) {
    questions.remove(Question.of(request), answer);
  }

  public void reportEnd(ReportEndRequest request, @Nullable String tokenHash) {
    if (authenticated(request.getWorkerId(), tokenHash).hadBefore(request.getJobId(), request.getEpoch())) {
      // It has a later attempt, so this end is decided: only our answer was lost.
      return;
    }
    requireAssigned(request.getWorkerId(), tokenHash, request.getJobId(), request.getEpoch());
    facts.send(Ends.fill(facts.of("Ended", request.getWorkerId()), request));
  }

  void requireAssigned(String workerId, @Nullable String tokenHash, String jobId, long epoch) {
    if (!authenticated(workerId, tokenHash).offers(jobId, epoch)) {
      throw Status.FAILED_PRECONDITION.withDescription("The worker does not have this assignment.").asRuntimeException();
    }
  }

  private void commanded(WorkerCommand command) {
    String worker = Wire.given(command.getWorkerId(), "workerId");
    switch (command.getType()) {
      case "AssignJob" -> sessions.tell(worker, directives.assignment(command));
      case "StartJob" -> {
        CompletableFuture<StartReply> asked = questions.get(
            new Question(worker, Wire.given(command.getBootId(), "bootId"), Wire.given(command.getJobId(), "jobId"), Wire.given(command.getEpoch(), "epoch")));
        if (asked != null) {
          asked.complete(replyOf(command));
        }
      }
      case "CancelAssignment" -> sessions.tell(worker, Directives.cancel(command));
      case "RefuseBoot" -> sessions.refuse(worker, Wire.given(command.getBootId(), "bootId"));
      case "DestroyWorker" -> {
        leave(worker, Wire.given(command.getReason(), "reason"));
        questions.forEach((question, asked) -> {
          if (question.workerId().equals(worker)) {
            asked.completeExceptionally(new IllegalStateException("destroyed"));
          }
        });
      }
      default -> {
      }
    }
  }

  private void leave(String worker, String reason) {
    sessions.tell(worker, Directive.newBuilder().setLeave(Leave.newBuilder().setReason(reason)).build());
    sessions.close(worker, null);
  }

  private Desk.Post authenticated(String workerId, @Nullable String tokenHash) {
    if (!open.getAsBoolean()) {
      throw Status.UNAVAILABLE.withDescription("The gateway is still reading.").asRuntimeException();
    }
    Desk.Post post = desk.post(workerId);
    if (post == null) {
      throw (desk.isDestroyed(workerId) ? Status.FAILED_PRECONDITION.withDescription("The worker is to be destroyed.")
          : Status.NOT_FOUND.withDescription("The worker is not known yet.")).asRuntimeException();
    }
    if (tokenHash == null
        || !MessageDigest.isEqual(tokenHash.getBytes(StandardCharsets.US_ASCII), post.tokenHash().getBytes(StandardCharsets.US_ASCII))) {
      LOG.warn("agent_refused worker_id={} reason=\"wrong token\"", workerId);
      throw Status.UNAUTHENTICATED.withDescription("The token is not this worker's.").asRuntimeException();
    }
    return post;
  }

  private static StatusRuntimeException bound() {
    return Status.UNAUTHENTICATED.withDescription("This worker is bound to another agent.").asRuntimeException();
  }

  private static StartReply replyOf(WorkerCommand answer) {
    return StartReply.newBuilder().setGranted(answer.getGranted()).setRefusal(answer.getReason() == null ? "" : answer.getReason()).build();
  }
}
