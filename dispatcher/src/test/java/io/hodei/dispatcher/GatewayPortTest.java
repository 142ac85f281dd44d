package io.hodei.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.grpc.GrpcRouting;
import io.hodei.gateway.v1.AttendRequest;
import io.hodei.gateway.v1.BeatReply;
import io.hodei.gateway.v1.BeatRequest;
import io.hodei.gateway.v1.Directive;
import io.hodei.gateway.v1.Leave;
import io.hodei.gateway.v1.WorkerGatewayGrpc;
import io.hodei.kit.Health;
import io.hodei.kit.HttpFront;
import io.hodei.kit.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// One port, two languages: agents speak gRPC (h2c), people and probes HTTP. Neither disturbs the other.
@Timeout(60)
class GatewayPortTest {
  private WebServer server;
  private ManagedChannel channel;

  @BeforeEach
  void start() {
    WorkerGatewayGrpc.WorkerGatewayImplBase gateway = new WorkerGatewayGrpc.WorkerGatewayImplBase() {
      @Override
      public void beat(BeatRequest request, StreamObserver<BeatReply> reply) {
        if (request.getWorkerId().isEmpty()) {
          reply.onError(Status.UNAUTHENTICATED.asRuntimeException());
          return;
        }
        reply.onNext(BeatReply.getDefaultInstance());
        reply.onCompleted();
      }

      @Override
      public void attend(AttendRequest request, StreamObserver<Directive> stream) {
        for (int i = 0; i < 3; i++) {
          stream.onNext(Directive.newBuilder().setLeave(Leave.newBuilder().setReason("reason " + i)).build());
        }
        stream.onCompleted();
      }
    };
    server = new HttpFront("dispatcher", Settings.of(Map.of()), new Health(), new SimpleMeterRegistry(), () -> "")
        .start(0, config -> config.addRouting(GrpcRouting.builder().intercept(new Credentials()).service(gateway)), routes -> {});
    channel = OkHttpChannelBuilder.forAddress("127.0.0.1", server.port()).overrideAuthority("gateway.example").usePlaintext().build();
  }

  @AfterEach
  void stop() throws Exception {
    channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    server.stop();
  }

  @Test
  void agentsAreServedUnderAnyName() {
    WorkerGatewayGrpc.WorkerGatewayBlockingStub agent = WorkerGatewayGrpc.newBlockingStub(channel);
    for (int i = 0; i < 50; i++) {
      assertEquals(BeatReply.getDefaultInstance(), agent.beat(BeatRequest.newBuilder().setWorkerId("w").build()));
    }
    assertEquals(Status.Code.UNAUTHENTICATED,
        assertThrows(StatusRuntimeException.class, () -> agent.beat(BeatRequest.getDefaultInstance())).getStatus().getCode());
    List<String> reasons = new ArrayList<>();
    agent.attend(AttendRequest.getDefaultInstance()).forEachRemaining(directive -> reasons.add(directive.getLeave().getReason()));
    assertEquals(List.of("reason 0", "reason 1", "reason 2"), reasons);
  }

  @Test
  void aMethodThatTheGatewayHasNotIsAGrpcError() {
    var unknown = WorkerGatewayGrpc.getBeatMethod().toBuilder().setFullMethodName("hodei.v1.WorkerGateway/Nothing").build();
    StatusRuntimeException refused = assertThrows(StatusRuntimeException.class,
        () -> ClientCalls.blockingUnaryCall(channel, unknown, CallOptions.DEFAULT, BeatRequest.getDefaultInstance()));
    assertEquals(Status.Code.UNIMPLEMENTED, refused.getStatus().getCode());
  }

  @Test
  void httpIsAnsweredBesideIt() throws Exception {
    for (HttpClient.Version version : HttpClient.Version.values()) {
      try (HttpClient client = HttpClient.newBuilder().version(version).build()) {
        HttpResponse<String> live = get(client, "/health/live");
        assertEquals(200, live.statusCode());
        assertEquals(version, live.version());
        assertEquals("call-1", live.headers().firstValue("X-Correlation-Id").orElse(""));
        HttpResponse<String> missing = get(client, "/v1/nothing");
        assertEquals(404, missing.statusCode());
        assertEquals("application/problem+json", missing.headers().firstValue("Content-Type").orElse(""));
        assertEquals("call-1", missing.headers().firstValue("X-Correlation-Id").orElse(""));
        assertTrue(missing.body().contains("urn:hodei:problem:not-found"), missing.body());
      }
    }
    agentsAreServedUnderAnyName();
  }

  private HttpResponse<String> get(HttpClient client, String path) throws Exception {
    return client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)).header("X-Correlation-Id", "call-1").build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
