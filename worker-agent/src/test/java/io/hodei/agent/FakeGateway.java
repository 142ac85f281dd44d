package io.hodei.agent;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.StreamObserver;
import io.hodei.gateway.v1.Assignment;
import io.hodei.gateway.v1.AttendRequest;
import io.hodei.gateway.v1.BeatReply;
import io.hodei.gateway.v1.BeatRequest;
import io.hodei.gateway.v1.CancelRun;
import io.hodei.gateway.v1.Directive;
import io.hodei.gateway.v1.Leave;
import io.hodei.gateway.v1.LogEntry;
import io.hodei.gateway.v1.ReportEndReply;
import io.hodei.gateway.v1.ReportEndRequest;
import io.hodei.gateway.v1.SendLogsReply;
import io.hodei.gateway.v1.SendLogsRequest;
import io.hodei.gateway.v1.StartReply;
import io.hodei.gateway.v1.StartRequest;
import io.hodei.gateway.v1.Stream;
import io.hodei.gateway.v1.Welcome;
import io.hodei.gateway.v1.WorkerGatewayGrpc;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A gateway whose answers a test sets and whose records it reads. It can be stopped and started again on its port,
/// keeping what it knows, as the real one does with Kafka behind it. Any thread; guarded by itself.
final class FakeGateway implements AutoCloseable {
  static final String TOKEN = "the-token";
  private static final Metadata.Key<String> AUTHORIZATION = Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  /// How Start is answered.
  enum StartAnswer { GRANT, REFUSE, HOLD }

  record Arrival(LogEntry entry, long nanos) {}

  final List<AttendRequest> attended = new ArrayList<>();
  final List<BeatRequest> beats = new ArrayList<>();
  final List<StartRequest> starts = new ArrayList<>();
  final List<SendLogsRequest> batches = new ArrayList<>();
  final List<Arrival> arrivals = new ArrayList<>();
  final List<ReportEndRequest> ends = new ArrayList<>();
  final List<StreamObserver<Directive>> sessions = new ArrayList<>();
  final List<StreamObserver<StartReply>> heldStarts = new ArrayList<>();
  Welcome welcome = Welcome.newBuilder().setHeartbeatIntervalMs(200).setOrphanLimitMs(30_000).setMaxLogBatchBytes(512 << 10).build();
  StartAnswer startAnswer = StartAnswer.GRANT;
  Status startStatus = Status.OK;
  int logFailures;
  boolean logRepliesLost;
  long startNanos;
  private final Assignment job;
  private long offset = 100;
  private Server server;
  private int port;

  FakeGateway(Assignment job) throws IOException {
    this.job = job;
    start();
  }

  void start() throws IOException {
    server = OkHttpServerBuilder.forPort(port, InsecureServerCredentials.create())
        .maxInboundMessageSize(8 << 20)
        .addService(ServerInterceptors.intercept(new Service(), new Guard())).build().start();
    port = server.getPort();
  }

  void stop() throws InterruptedException {
    server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  synchronized void tell(Directive directive) {
    sessions.getLast().onNext(directive);
  }

  void cancel(long epoch) {
    tell(Directive.newBuilder().setCancelRun(CancelRun.newBuilder().setJobId(job.getJobId()).setEpoch(epoch)).build());
  }

  void assign(Assignment another) {
    tell(Directive.newBuilder().setAssignment(another).build());
  }

  /// The `count`th end.
  synchronized ReportEndRequest awaitEnd(int count) throws InterruptedException {
    while (ends.size() < count) {
      wait(60_000);
    }
    return ends.get(count - 1);
  }

  void sendAway() {
    tell(Directive.newBuilder().setLeave(Leave.newBuilder().setReason("test")).build());
  }

  synchronized void cutSession() {
    sessions.getLast().onError(Status.UNAVAILABLE.asRuntimeException());
  }

  synchronized void answerHeldStarts(boolean granted) {
    heldStarts.forEach(reply -> answer(reply, StartReply.newBuilder().setGranted(granted).build()));
  }

  synchronized ReportEndRequest awaitEnd() throws InterruptedException {
    return await(ends);
  }

  /// The first element, waited for no longer than a hang guard.
  synchronized <T> T await(List<T> records) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (records.isEmpty()) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        throw new AssertionError("Expected a call of the agent within 60 s, but there was none");
      }
      wait(left);
    }
    return records.getFirst();
  }

  /// When the text was first seen in an entry.
  synchronized long awaitText(String text) throws InterruptedException {
    while (true) {
      for (var arrival : arrivals) {
        if (arrival.entry().getData().toStringUtf8().contains(text)) {
          return arrival.nanos();
        }
      }
      wait(30_000);
    }
  }

  synchronized List<LogEntry> entries() {
    return arrivals.stream().map(Arrival::entry).toList();
  }

  synchronized byte[] bytesOf(Stream stream) {
    var bytes = new ByteArrayOutputStream();
    for (var arrival : arrivals) {
      if (arrival.entry().getStream() == stream) {
        bytes.writeBytes(arrival.entry().getData().toByteArray());
      }
    }
    return bytes.toByteArray();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private static <T> void answer(StreamObserver<T> reply, T message) {
    reply.onNext(message);
    reply.onCompleted();
  }

  private static final class Guard implements ServerInterceptor {
    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
      if (!("Bearer " + TOKEN).equals(headers.get(AUTHORIZATION))) {
        call.close(Status.UNAUTHENTICATED.withDescription("wrong token"), new Metadata());
        return new ServerCall.Listener<>() {};
      }
      return Contexts.interceptCall(Context.current(), call, headers, next);
    }
  }

  private final class Service extends WorkerGatewayGrpc.WorkerGatewayImplBase {
    @Override
    public void attend(AttendRequest request, StreamObserver<Directive> directives) {
      synchronized (FakeGateway.this) {
        attended.add(request);
        sessions.add(directives);
        directives.onNext(Directive.newBuilder().setWelcome(welcome).build());
        directives.onNext(Directive.newBuilder().setAssignment(job).build());
        FakeGateway.this.notifyAll();
      }
    }

    @Override
    public void beat(BeatRequest request, StreamObserver<BeatReply> reply) {
      synchronized (FakeGateway.this) {
        beats.add(request);
        FakeGateway.this.notifyAll();
      }
      answer(reply, BeatReply.getDefaultInstance());
    }

    @Override
    public void start(StartRequest request, StreamObserver<StartReply> reply) {
      synchronized (FakeGateway.this) {
        startNanos = System.nanoTime();
        starts.add(request);
        FakeGateway.this.notifyAll();
        if (!startStatus.isOk()) {
          reply.onError(startStatus.asRuntimeException());
          startStatus = Status.OK;
        } else if (startAnswer == StartAnswer.HOLD) {
          heldStarts.add(reply);
        } else {
          answer(reply, StartReply.newBuilder().setGranted(startAnswer == StartAnswer.GRANT).setRefusal(startAnswer == StartAnswer.GRANT ? "" : "STALE_EPOCH").build());
        }
      }
    }

    @Override
    public void sendLogs(SendLogsRequest request, StreamObserver<SendLogsReply> reply) {
      synchronized (FakeGateway.this) {
        if (logFailures > 0) {
          logFailures--;
          reply.onError(Status.UNAVAILABLE.asRuntimeException());
          return;
        }
        boolean repeated = !batches.isEmpty() && batches.getLast().equals(request);
        if (!repeated) {
          batches.add(request);
          request.getEntriesList().forEach(entry -> arrivals.add(new Arrival(entry, System.nanoTime())));
          offset++;
        }
        FakeGateway.this.notifyAll();
        if (logRepliesLost && !repeated) {
          reply.onError(Status.DEADLINE_EXCEEDED.asRuntimeException());
        } else {
          answer(reply, SendLogsReply.newBuilder().setPartition(2).setOffset(offset).build());
        }
      }
    }

    @Override
    public void reportEnd(ReportEndRequest request, StreamObserver<ReportEndReply> reply) {
      synchronized (FakeGateway.this) {
        ends.add(request);
        FakeGateway.this.notifyAll();
      }
      answer(reply, ReportEndReply.getDefaultInstance());
    }
  }
}
