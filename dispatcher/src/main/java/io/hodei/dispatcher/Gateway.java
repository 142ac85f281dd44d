package io.hodei.dispatcher;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.hodei.gateway.v1.AttendRequest;
import io.hodei.gateway.v1.BeatReply;
import io.hodei.gateway.v1.BeatRequest;
import io.hodei.gateway.v1.Directive;
import io.hodei.gateway.v1.Leave;
import io.hodei.gateway.v1.ReportEndReply;
import io.hodei.gateway.v1.ReportEndRequest;
import io.hodei.gateway.v1.SendLogsReply;
import io.hodei.gateway.v1.SendLogsRequest;
import io.hodei.gateway.v1.StartReply;
import io.hodei.gateway.v1.StartRequest;
import io.hodei.gateway.v1.WorkerGatewayGrpc;
import io.hodei.schemas.WorkerCommand;
import java.security.MessageDigest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The agents' gateway: passes facts and logs to Kafka and commands to agents. Keeps nothing that it could not fold again from
/// `hodei.worker-commands`. Calls run on the web server's virtual threads.
final class Gateway extends WorkerGatewayGrpc.WorkerGatewayImplBase {
  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
  private static final long START_PATIENCE_MS = 12_000;

  private record Question(String workerId, String bootId, String jobId, long epoch) {}

  private final Desk desk;
  private final Sessions sessions;
  private final Reports reports;
  private final Directives directives;
  private final BooleanSupplier open;
  private final LogCounter counter;
  private final Map<Question, CompletableFuture<WorkerCommand>> questions = new ConcurrentHashMap<>();

  Gateway(Desk desk, Sessions sessions, Reports reports, Directives directives, LogCounter counter, BooleanSupplier open) {
    this.desk = desk;
    this.sessions = sessions;
    this.reports = reports;
    this.directives = directives;
    this.counter = counter;
    this.open = open;
    desk.listen(this::commanded);
  }

  @Override
  public void attend(AttendRequest request, StreamObserver<Directive> stream) {
    try {
      Desk.Post post = authenticated(request.getWorkerId());
      if (!sessions.attend(request.getWorkerId(), request.getBootId(), stream)) {
        reports.send(reports.of("Connected", request.getWorkerId()).setBootId(request.getBootId()));
        throw Status.UNAUTHENTICATED.withDescription("This worker is bound to another agent.").asRuntimeException();
      }
      reports.send(reports.of("Connected", request.getWorkerId()).setBootId(request.getBootId()));
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
    } catch (StatusRuntimeException e) {
      stream.onError(e);
    }
  }

  @Override
  public void beat(BeatRequest request, StreamObserver<BeatReply> reply) {
    answer(reply, () -> {
      authenticated(request.getWorkerId());
      if (!sessions.beat(request.getWorkerId(), request.getBootId())) {
        throw Status.UNAUTHENTICATED.withDescription("This worker is bound to another agent.").asRuntimeException();
      }
      return BeatReply.getDefaultInstance();
    });
  }

  @Override
  public void start(StartRequest request, StreamObserver<StartReply> reply) {
    answer(reply, () -> {
      Desk.Post post = authenticated(request.getWorkerId());
      sessions.beat(request.getWorkerId(), request.getBootId());
      WorkerCommand known = post.answer();
      if (known != null && request.getBootId().equals(known.getBootId()) && request.getJobId().equals(known.getJobId())
          && known.getEpoch() != null && known.getEpoch() == request.getEpoch()) {
        return post.cancelled() ? StartReply.newBuilder().setGranted(false).setRefusal("CANCEL_REQUESTED").build() : replyOf(known);
      }
      Question question = new Question(request.getWorkerId(), request.getBootId(), request.getJobId(), request.getEpoch());
      CompletableFuture<WorkerCommand> answer = questions.computeIfAbsent(question, asked -> new CompletableFuture<>());
      try {
        reports.send(reports.of("Starting", request.getWorkerId()).setBootId(request.getBootId()).setJobId(request.getJobId()).setEpoch(request.getEpoch()));
        return replyOf(answer.get(START_PATIENCE_MS, TimeUnit.MILLISECONDS));
      } catch (TimeoutException e) {
        throw Status.UNAVAILABLE.withDescription("The dispatcher has not answered yet.").asRuntimeException();
      } catch (ExecutionException e) {
        throw Status.FAILED_PRECONDITION.withDescription("The worker is to be destroyed.").asRuntimeException();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw Status.UNAVAILABLE.withDescription("The gateway stops.").asRuntimeException();
      } finally {
        questions.remove(question, answer);
      }
    });
  }

  @Override
  public void sendLogs(SendLogsRequest request, StreamObserver<SendLogsReply> reply) {
    answer(reply, () -> {
      assigned(request.getWorkerId(), request.getJobId(), request.getEpoch());
      RecordMetadata place = reports.log(LogBatches.of(request));
      counter.count(request);
      return SendLogsReply.newBuilder().setPartition(place.partition()).setOffset(place.offset()).build();
    });
  }

  @Override
  public void reportEnd(ReportEndRequest request, StreamObserver<ReportEndReply> reply) {
    answer(reply, () -> {
      if (authenticated(request.getWorkerId()).hadBefore(request.getJobId(), request.getEpoch())) {
        // It has a later attempt, so this end is decided: only our answer was lost.
        return ReportEndReply.getDefaultInstance();
      }
      assigned(request.getWorkerId(), request.getJobId(), request.getEpoch());
      reports.send(Ends.fill(reports.of("Ended", request.getWorkerId()), request));
      return ReportEndReply.getDefaultInstance();
    });
  }

  private void commanded(WorkerCommand command) {
    String worker = Wire.given(command.getWorkerId(), "workerId");
    switch (command.getType()) {
      case "AssignJob" -> sessions.tell(worker, directives.assignment(command));
      case "StartJob" -> {
        CompletableFuture<WorkerCommand> asked = questions.get(
            new Question(worker, Wire.given(command.getBootId(), "bootId"), Wire.given(command.getJobId(), "jobId"), Wire.given(command.getEpoch(), "epoch")));
        if (asked != null) {
          asked.complete(command);
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

  private Desk.Post authenticated(String workerId) {
    if (!open.getAsBoolean()) {
      throw Status.UNAVAILABLE.withDescription("The gateway is still reading.").asRuntimeException();
    }
    Desk.Post post = desk.post(workerId);
    if (post == null) {
      throw (desk.isDestroyed(workerId) ? Status.FAILED_PRECONDITION.withDescription("The worker is to be destroyed.")
          : Status.NOT_FOUND.withDescription("The worker is not known yet.")).asRuntimeException();
    }
    String hash = Credentials.TOKEN_HASH.get();
    if (hash == null || !MessageDigest.isEqual(hash.getBytes(StandardCharsets.US_ASCII), post.tokenHash().getBytes(StandardCharsets.US_ASCII))) {
      LOG.warn("agent_refused worker_id={} reason=\"wrong token\"", workerId);
      throw Status.UNAUTHENTICATED.withDescription("The token is not this worker's.").asRuntimeException();
    }
    return post;
  }

  private void assigned(String workerId, String jobId, long epoch) {
    if (!authenticated(workerId).offers(jobId, epoch)) {
      throw Status.FAILED_PRECONDITION.withDescription("The worker does not have this assignment.").asRuntimeException();
    }
  }

  private static StartReply replyOf(WorkerCommand answer) {
    return StartReply.newBuilder().setGranted(answer.getGranted()).setRefusal(answer.getReason() == null ? "" : answer.getReason()).build();
  }

  private static <A> void answer(StreamObserver<A> reply, Supplier<A> call) {
    try {
      A answer = call.get();
      reply.onNext(answer);
      reply.onCompleted();
    } catch (StatusRuntimeException e) {
      reply.onError(e);
    } catch (RuntimeException e) {
      LOG.error("gateway_call_failed", e);
      reply.onError(Status.INTERNAL.withDescription(e.toString()).asRuntimeException());
    }
  }
}
