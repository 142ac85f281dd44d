package io.hodei.agent;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.hodei.gateway.v1.WorkerGatewayGrpc;
import io.hodei.gateway.v1.WorkerGatewayGrpc.WorkerGatewayBlockingStub;
import io.hodei.gateway.v1.WorkerGatewayGrpc.WorkerGatewayFutureStub;
import io.hodei.gateway.v1.WorkerGatewayGrpc.WorkerGatewayStub;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// The one connection to the gateway; every call carries the token. Any thread.
/// It also knows when the gateway last said yes, on the monotonic clock.
final class GatewayLink implements AutoCloseable {
  private static final long CALL_SECONDS = 15;
  private static final long FIRST_PAUSE_MS = 25;
  private static final long LONGEST_PAUSE_MS = 1_000;

  private final ManagedChannel connection;
  private final Channel channel;
  private volatile long lastContact = System.nanoTime();

  /// The gateway refuses this agent for good: what runs is to be killed.
  static final class Dismissed extends RuntimeException {
    private static final long serialVersionUID = 1;

    Dismissed(Status status) {
      super(status.getCode() + ": " + status.getDescription());
    }
  }

  GatewayLink(WorkerFile worker) {
    var metadata = new Metadata();
    metadata.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + worker.token());
    metadata.put(Metadata.Key.of("hodei-worker-id", Metadata.ASCII_STRING_MARSHALLER), worker.workerId());
    connection = OkHttpChannelBuilder.forAddress(worker.gateway().getHost(), worker.gateway().getPort())
        .usePlaintext()
        .proxyDetector(_ -> null)
        .disableRetry()
        .disableServiceConfigLookUp()
        .userAgent("hodei-agent")
        .build();
    channel = ClientInterceptors.intercept(connection, MetadataUtils.newAttachHeadersInterceptor(metadata));
  }

  /// Without a deadline: for the one stream.
  WorkerGatewayStub streams() {
    return WorkerGatewayGrpc.newStub(channel);
  }

  WorkerGatewayFutureStub futures(long deadlineMs) {
    return WorkerGatewayGrpc.newFutureStub(channel).withDeadlineAfter(deadlineMs, TimeUnit.MILLISECONDS);
  }

  /// Repeats the call, with backoff, until the gateway answers it or dismisses the agent. Nothing else ends it but
  /// the end of the process, which the orphan limit brings.
  <T> T untilAnswered(String call, Function<WorkerGatewayBlockingStub, T> what) throws InterruptedException {
    long pause = FIRST_PAUSE_MS;
    while (true) {
      try {
        var answer = what.apply(WorkerGatewayGrpc.newBlockingStub(channel).withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS));
        contact();
        return answer;
      } catch (StatusRuntimeException e) {
        if (dismisses(e.getStatus())) {
          throw new Dismissed(e.getStatus());
        }
        Say.info("call_repeated", "call", call, "status", e.getStatus().getCode(), "pause_ms", pause);
      }
      Thread.sleep(pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
  }

  static boolean dismisses(Status status) {
    return status.getCode() == Status.Code.UNAUTHENTICATED || status.getCode() == Status.Code.FAILED_PRECONDITION;
  }

  /// Do not wait for the channel's own, slower backoff.
  void reconnectNow() {
    connection.resetConnectBackoff();
  }

  /// The connection answers nothing: the next call makes a new one.
  void abandonConnection() {
    connection.enterIdle();
  }

  void contact() {
    lastContact = System.nanoTime();
  }

  boolean contactedSince(long nanos) {
    return lastContact - nanos > 0;
  }

  long silentMs() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastContact);
  }

  @Override
  public void close() {
    connection.shutdownNow();
  }
}
