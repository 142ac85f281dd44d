package io.hodei.dispatcher;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.hodei.gateway.v1.AttendRequest;
import io.hodei.gateway.v1.BeatReply;
import io.hodei.gateway.v1.BeatRequest;
import io.hodei.gateway.v1.Directive;
import io.hodei.gateway.v1.ReportEndReply;
import io.hodei.gateway.v1.ReportEndRequest;
import io.hodei.gateway.v1.SendLogsReply;
import io.hodei.gateway.v1.SendLogsRequest;
import io.hodei.gateway.v1.StartReply;
import io.hodei.gateway.v1.StartRequest;
import io.hodei.gateway.v1.WorkerGatewayGrpc;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The agents' gateway on gRPC: [AgentCalls] answers, log batches go to Kafka. Calls run on the web server's virtual threads.
final class Gateway extends WorkerGatewayGrpc.WorkerGatewayImplBase {
  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
  private static final long START_PATIENCE_MS = 12_000;

  private final AgentCalls calls;
  private final Reports reports;
  private final LogCounter counter;

  Gateway(AgentCalls calls, Reports reports, LogCounter counter) {
    this.calls = calls;
    this.reports = reports;
    this.counter = counter;
  }

  @Override
  public void attend(AttendRequest request, StreamObserver<Directive> stream) {
    try {
      calls.attend(request, tokenHash(), stream);
    } catch (StatusRuntimeException e) {
      stream.onError(e);
    }
  }

  @Override
  public void beat(BeatRequest request, StreamObserver<BeatReply> reply) {
    answer(reply, () -> {
      calls.beat(request, tokenHash());
      return BeatReply.getDefaultInstance();
    });
  }

  @Override
  public void start(StartRequest request, StreamObserver<StartReply> reply) {
    answer(reply, () -> {
      CompletableFuture<StartReply> answer = calls.start(request, tokenHash());
      try {
        return answer.get(START_PATIENCE_MS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        throw Status.UNAVAILABLE.withDescription("The dispatcher has not answered yet.").asRuntimeException();
      } catch (ExecutionException e) {
        throw Status.FAILED_PRECONDITION.withDescription("The worker is to be destroyed.").asRuntimeException();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw Status.UNAVAILABLE.withDescription("The gateway stops.").asRuntimeException();
      } finally {
        calls.giveUp(request, answer);
      }
    });
  }

  @Override
  public void sendLogs(SendLogsRequest request, StreamObserver<SendLogsReply> reply) {
    answer(reply, () -> {
      calls.requireAssigned(request.getWorkerId(), tokenHash(), request.getJobId(), request.getEpoch());
      RecordMetadata place = reports.log(LogBatches.of(request));
      counter.count(request);
      return SendLogsReply.newBuilder().setPartition(place.partition()).setOffset(place.offset()).build();
    });
  }

  @Override
  public void reportEnd(ReportEndRequest request, StreamObserver<ReportEndReply> reply) {
    answer(reply, () -> {
      calls.reportEnd(request, tokenHash());
      return ReportEndReply.getDefaultInstance();
    });
  }

  private static @Nullable String tokenHash() {
    return Credentials.TOKEN_HASH.get();
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
