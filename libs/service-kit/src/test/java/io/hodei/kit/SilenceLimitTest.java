package io.hodei.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.helidon.http.Method;
import io.helidon.webserver.WebServer;
import io.hodei.jobs.v1.Job;
import io.hodei.jobs.v1.JobRequest;
import io.hodei.jobs.v1.JobServiceGrpc;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who opens a connection and says nothing, or breaks off, holds it for a while only; who waits for an answer holds it for as long as that takes.
@Timeout(60)
class SilenceLimitTest {
  private static final Duration LIMIT = Duration.ofMillis(400);
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  private WebServer server;

  @BeforeEach
  void start() {
    GrpcRoutes grpc = new GrpcRoutes(new HostCheck("127.0.0.1", ""), new SimpleMeterRegistry(), GrpcRoutes.PATIENCE, new JobServiceGrpc.JobServiceImplBase() {
      @Override
      public void submitJob(JobRequest request, StreamObserver<Job> reply) {
        think();
        reply.onNext(Job.newBuilder().setMessage("late").build());
        reply.onCompleted();
      }
    });
    server = new HttpFront("test", Settings.of(Map.of()), new Health(), new SimpleMeterRegistry(), () -> "").start(0,
        listener -> {
          grpc.addTo(listener);
          listener.connectionOptions(new SilenceLimit(LIMIT));
        },
        routes -> routes
            .on(Method.GET, "/late", (request, response) -> {
              think();
              response.send("late");
            })
            .on(Method.POST, "/read", (request, response) -> response.send(request.content().as(String.class))));
  }

  private static void think() {
    try {
      Thread.sleep(LIMIT.multipliedBy(5));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "", "G", "GET /late HT", "GET /late HTTP/1.1\r\nHost: 127.0.0.1\r\nX-", "POST /read HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\nhalf",
      "POST /read HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nha", "PRI * HTTP/2.0\r\n", PREFACE, PREFACE + "\0\0\u0008"
  })
  void whoBreaksOffIsLetGo(String begin) throws Exception {
    try (Socket socket = open(begin)) {
      int bytes = socket.getInputStream().readAllBytes().length;
      assertTrue(bytes < 1000, bytes + " bytes before the end");
    } catch (IOException reset) {
      assertTrue(reset.getMessage().contains("reset"), reset::toString);
    }
  }

  @Test
  void anUnusedConnectionIsClosedWithoutAWord() throws Exception {
    answeredAndClosed("POST /read HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4\r\n\r\nhere", "here");
  }

  @Test
  void anAnswerMayTakeItsTime() throws Exception {
    answeredAndClosed("GET /late HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", "late");
  }

  /// No upgrade: HTTP/1.1 goes on, which is what a client that asks for one is ready for.
  @Test
  void anUpgradeToHttp2IsNotMade() throws Exception {
    answeredAndClosed("GET /late HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n", "late");
  }

  /// The client has asked, and has nothing more to say.
  @Test
  void aCallOfGrpcMayTakeItsTime() throws Exception {
    ManagedChannel channel = OkHttpChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().disableRetry().build();
    try {
      for (int i = 0; i < 2; i++) {
        assertEquals("late", JobServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS).submitJob(JobRequest.getDefaultInstance()).getMessage());
      }
    } finally {
      channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    }
  }

  private void answeredAndClosed(String request, String body) throws IOException {
    try (Socket socket = open(request)) {
      String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      assertTrue(all.startsWith("HTTP/1.1 200") && all.endsWith(body), all);
    }
  }

  private Socket open(String begin) throws IOException {
    Socket socket = new Socket("127.0.0.1", server.port());
    socket.setSoTimeout((int) LIMIT.multipliedBy(20).toMillis());
    socket.getOutputStream().write(begin.getBytes(StandardCharsets.ISO_8859_1));
    return socket;
  }
}
