package io.hodei.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.rpc.ErrorInfo;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import io.helidon.webserver.WebServer;
import io.hodei.jobs.v1.Job;
import io.hodei.jobs.v1.JobRequest;
import io.hodei.jobs.v1.JobServiceGrpc;
import io.hodei.jobs.v1.LogLine;
import io.hodei.jobs.v1.StreamLogsRequest;
import io.hodei.jobs.v1.SubmitJobsResponse;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// gRPC on the web server's port, with clients that break off, do not read, or send what they must not.
@Timeout(120)
class GrpcRoutesTest {
  private static final Duration PATIENCE = Duration.ofMillis(700);

  private final AtomicInteger told = new AtomicInteger();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private GrpcRoutes routes;
  private WebServer server;
  private ManagedChannel channel;

  @BeforeEach
  void start() {
    HostCheck hosts = new HostCheck("127.0.0.1", "");
    routes = new GrpcRoutes(hosts, new SimpleMeterRegistry(), PATIENCE, new JobServiceGrpc.JobServiceImplBase() {
      @Override
      public void submitJob(JobRequest request, StreamObserver<Job> reply) {
        reply.onNext(Job.newBuilder().setMessage(request.getScript().length() + " " + GrpcCaller.current().text("x-actor")).build());
        reply.onCompleted();
      }

      @Override
      public void streamLogs(StreamLogsRequest request, StreamObserver<LogLine> reply) {
        while (true) {
          reply.onNext(LogLine.newBuilder().setText("x".repeat(1000)).build());
          told.incrementAndGet();
        }
      }

      @Override
      public StreamObserver<JobRequest> submitJobs(StreamObserver<SubmitJobsResponse> reply) {
        return new StreamObserver<>() {
          @Override
          public void onNext(JobRequest request) {
            told.incrementAndGet();
            if (request.getId().equals("wrong")) {
              throw Problem.invalid("no", List.of()).raise();
            }
          }

          @Override
          public void onError(Throwable failure) {
            told.addAndGet(1000);
          }

          @Override
          public void onCompleted() {
            reply.onNext(SubmitJobsResponse.newBuilder().setAccepted(told.get()).build());
            reply.onCompleted();
          }
        };
      }
    });
    server = new HttpFront("test", Settings.of(Map.of()), new Health(), new SimpleMeterRegistry(), () -> "")
        .start(0, routes::addTo, all -> {});
    channel = OkHttpChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().socketFactory(new Kept()).disableRetry().build();
  }

  @AfterEach
  void stop() throws Exception {
    channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    server.stop();
  }

  @Test
  void aReaderThatTakesNothingIsLetGoAndCanTellWhy() throws Exception {
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    CompletableFuture<ClientCallStreamObserver<StreamLogsRequest>> call = new CompletableFuture<>();
    JobServiceGrpc.newStub(channel).streamLogs(StreamLogsRequest.getDefaultInstance(), new ClientResponseObserver<StreamLogsRequest, LogLine>() {
      @Override
      public void beforeStart(ClientCallStreamObserver<StreamLogsRequest> started) {
        started.disableAutoRequestWithInitial(1);
        call.complete(started);
      }

      @Override
      public void onNext(LogLine value) {}

      @Override
      public void onError(Throwable failure) {
        end.complete(failure);
      }

      @Override
      public void onCompleted() {
        end.complete(new AssertionError("it has no end"));
      }
    });
    until("the call to be answered", () -> told.get() > 0 && routes.open() == 1);
    assertEquals("5 null", JobServiceGrpc.newBlockingStub(channel).submitJob(JobRequest.newBuilder().setScript("12345").build()).getMessage());
    until("it to be let go", () -> routes.open() == 0);
    assertTrue(told.get() < 500, "written ahead: " + told.get() + " KB");
    call.get().request(1000);
    StatusRuntimeException why = (StatusRuntimeException) end.get(30, TimeUnit.SECONDS);
    assertEquals(Status.Code.RESOURCE_EXHAUSTED, why.getStatus().getCode());
    assertEquals("reader-too-slow", reason(why));
    until("the call to be forgotten", () -> routes.open() == 0);
  }

  @Test
  void aCallThatIsGivenUpIsTold() throws Exception {
    StreamObserver<JobRequest> stream = JobServiceGrpc.newStub(channel).submitJobs(ignoring(new CompletableFuture<>()));
    stream.onNext(JobRequest.getDefaultInstance());
    until("the item", () -> told.get() == 1);
    stream.onError(new IllegalStateException("broken"));
    until("the service to be told, and the call to be forgotten", () -> told.get() == 1001 && routes.open() == 0);
  }

  @Test
  void aClientThatVanishesIsFound() throws Exception {
    StreamObserver<JobRequest> stream = JobServiceGrpc.newStub(channel).submitJobs(ignoring(new CompletableFuture<>()));
    stream.onNext(JobRequest.getDefaultInstance());
    until("the item", () -> told.get() == 1);
    sockets.getFirst().close();
    until("the service to be told, and the call to be forgotten", () -> told.get() == 1001 && routes.open() == 0);
  }

  @Test
  void aRefusalInTheMiddleLeavesTheConnectionUsable() throws Exception {
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    StreamObserver<JobRequest> stream = JobServiceGrpc.newStub(channel).submitJobs(ignoring(end));
    stream.onNext(JobRequest.newBuilder().setId("wrong").build());
    for (int i = 0; i < 20_000; i++) {
      stream.onNext(JobRequest.newBuilder().setScript("x".repeat(500)).build());
    }
    assertEquals("invalid", reason((StatusRuntimeException) end.get(30, TimeUnit.SECONDS)));
    assertEquals("1 null", JobServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS)
        .submitJob(JobRequest.newBuilder().setScript("1").build()).getMessage());
    until("the call to be forgotten", () -> routes.open() == 0);
    assertEquals(1, told.get(), "nothing after it was taken");
  }

  /// The client resets such a call while its bytes are on their way: unless they are taken, the connection's window never gets them back.
  @Test
  void messagesThatAreTooLongLeaveTheConnectionUsable() {
    JobServiceGrpc.JobServiceBlockingStub stub = JobServiceGrpc.newBlockingStub(channel);
    JobRequest large = JobRequest.newBuilder().setScript("x".repeat(9_000_000)).build();
    for (int i = 0; i < 20; i++) {
      StatusRuntimeException refused = assertThrows(StatusRuntimeException.class, () -> stub.withDeadlineAfter(20, TimeUnit.SECONDS).submitJob(large));
      assertEquals("too-large", reason(refused));
      assertEquals("5 null", stub.withDeadlineAfter(20, TimeUnit.SECONDS).submitJob(JobRequest.newBuilder().setScript("12345").build()).getMessage());
    }
  }

  @Test
  void packedMessagesAreUnpackedUpToTheLimit() {
    JobServiceGrpc.JobServiceBlockingStub gzip = JobServiceGrpc.newBlockingStub(channel).withCompression("gzip");
    assertEquals("1000000 null", gzip.submitJob(JobRequest.newBuilder().setScript("x".repeat(1_000_000)).build()).getMessage());
    StatusRuntimeException bomb = assertThrows(StatusRuntimeException.class,
        () -> gzip.submitJob(JobRequest.newBuilder().setScript("x".repeat(100_000_000)).build()));
    assertEquals("too-large", reason(bomb));
  }

  private static String reason(StatusRuntimeException error) {
    try {
      com.google.rpc.Status status = StatusProto.fromThrowable(error);
      assertTrue(status != null, error::toString);
      return status.getDetails(0).unpack(ErrorInfo.class).getReason();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static StreamObserver<SubmitJobsResponse> ignoring(CompletableFuture<Throwable> end) {
    return new StreamObserver<>() {
      @Override
      public void onNext(SubmitJobsResponse value) {}

      @Override
      public void onError(Throwable failure) {
        end.complete(failure);
      }

      @Override
      public void onCompleted() {
        end.complete(new AssertionError("answered"));
      }
    };
  }

  private interface Seen {
    boolean is();
  }

  private void until(String what, Seen seen) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!seen.is()) {
      assertTrue(System.nanoTime() < deadline, "Expected " + what);
      routes.look();
      Thread.sleep(20);
    }
  }

  /// Keeps the sockets, so that one can be torn away.
  private final class Kept extends SocketFactory {
    @Override
    public Socket createSocket() {
      Socket socket = new Socket();
      sockets.add(socket);
      return socket;
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      return createSocket(InetAddress.getByName(host), port);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
      return createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      Socket socket = new Socket(host, port);
      sockets.add(socket);
      return socket;
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
      return createSocket(host, port);
    }
  }
}
