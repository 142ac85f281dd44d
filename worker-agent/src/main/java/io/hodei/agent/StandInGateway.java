package io.hodei.agent;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.StreamObserver;
import io.hodei.gateway.v1.Assignment;
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
import io.hodei.gateway.v1.Welcome;
import io.hodei.gateway.v1.WorkerGatewayGrpc;
import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/// A gateway on a loopback port that gives one job, says yes to everything and then sends the agent away. For the
/// training run of the AOT cache only.
final class StandInGateway extends WorkerGatewayGrpc.WorkerGatewayImplBase implements AutoCloseable {
  private static final long BEAT_MS = 100;
  private static final long ORPHAN_MS = 10_000;

  private final Assignment job;
  private final Server server;
  private volatile @Nullable StreamObserver<Directive> agent;
  private volatile @Nullable ReportEndRequest end;

  StandInGateway(Assignment job) throws IOException {
    this.job = job;
    server = OkHttpServerBuilder.forPort(0, InsecureServerCredentials.create()).addService(this).build().start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getPort());
  }

  /// What the agent reported; null when it did not.
  @Nullable ReportEndRequest end() {
    return end;
  }

  @Override
  public void attend(AttendRequest request, StreamObserver<Directive> directives) {
    agent = directives;
    directives.onNext(Directive.newBuilder().setWelcome(Welcome.newBuilder().setHeartbeatIntervalMs(BEAT_MS).setOrphanLimitMs(ORPHAN_MS)).build());
    directives.onNext(Directive.newBuilder().setAssignment(job).build());
  }

  @Override
  public void beat(BeatRequest request, StreamObserver<BeatReply> reply) {
    answer(reply, BeatReply.getDefaultInstance());
  }

  @Override
  public void start(StartRequest request, StreamObserver<StartReply> reply) {
    answer(reply, StartReply.newBuilder().setGranted(true).build());
  }

  @Override
  public void sendLogs(SendLogsRequest request, StreamObserver<SendLogsReply> reply) {
    answer(reply, SendLogsReply.newBuilder().setOffset(1).build());
  }

  @Override
  public void reportEnd(ReportEndRequest request, StreamObserver<ReportEndReply> reply) {
    end = request;
    answer(reply, ReportEndReply.getDefaultInstance());
    var directives = agent;
    if (directives != null) {
      directives.onNext(Directive.newBuilder().setLeave(Leave.newBuilder().setReason("the training is over")).build());
      directives.onCompleted();
    }
  }

  private static <T> void answer(StreamObserver<T> reply, T message) {
    reply.onNext(message);
    reply.onCompleted();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
