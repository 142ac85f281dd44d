package io.hodei.kit;

import io.grpc.Context;
import io.grpc.InternalServer;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.helidon.common.buffers.BufferData;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.http2.Http2FrameHeader;
import io.helidon.http.http2.Http2FrameTypes;
import io.helidon.http.http2.Http2Headers;
import io.helidon.http.http2.Http2RstStream;
import io.helidon.http.http2.Http2StreamState;
import io.helidon.http.http2.Http2WindowUpdate;
import io.helidon.webserver.http2.spi.Http2SubProtocolSelector;
import io.micrometer.core.instrument.Timer;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One gRPC call. The thread of its HTTP/2 stream begins it, gives it the requests and runs what answers them; the connection's thread
/// only tells that the client has given it up. The stream's thread stays until the client has ended its side as well, and after a reset
/// for a moment more, so that what the client has sent is taken and dropped: what nobody takes is missing in the window of the whole
/// connection for ever. [#look] ends that wait.
final class GrpcCall<Q, A> implements Http2SubProtocolSelector.SubProtocolHandler, GrpcAnswer.Requests {
  private static final Logger LOG = LoggerFactory.getLogger(GrpcCall.class);
  private static final int MOST_QUEUED = 16;
  private static final Duration QUIET = Duration.ofSeconds(10);
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);
  private static final Duration DRAINED = Duration.ofSeconds(1);

  private final GrpcRoutes routes;
  private final @Nullable ServerMethodDefinition<Q, A> method;
  private final String path;
  private final Http2Headers headers;
  private final GrpcStream stream;
  private final Metadata metadata;
  private final GrpcCaller caller;
  private final GrpcAnswer<Q, A> answer;
  private final GrpcFrames frames;
  private final ArrayDeque<Q> queued = new ArrayDeque<>();
  private final ReentrantLock turn = new ReentrantLock();
  private final long begunNanos = System.nanoTime();
  private final Context.CancellableContext context;
  private ServerCall.@Nullable Listener<Q> listener;
  private int wanted;
  private boolean halfClosed;
  private boolean toldCancelled;
  private volatile boolean clientEnded;
  private volatile boolean pinging;
  private volatile boolean released;
  private volatile @Nullable Thread thread;

  GrpcCall(GrpcRoutes routes, @Nullable ServerMethodDefinition<Q, A> method, String path, Http2Headers headers, GrpcStream stream) {
    this.routes = routes;
    this.method = method;
    this.path = path;
    this.headers = headers;
    this.stream = stream;
    this.metadata = metadataOf(headers);
    this.caller = GrpcCaller.of(metadata);
    this.answer = new GrpcAnswer<>(method == null ? null : method.getMethodDescriptor(), stream, caller.correlationId(), this);
    this.frames = new GrpcFrames(GrpcRoutes.MAX_MESSAGE, encoding().equals("gzip"));
    this.context = Context.ROOT.withValue(InternalServer.SERVER_CONTEXT_KEY, routes.served()).withValue(GrpcCaller.KEY, caller).withCancellation();
  }

  @Override
  public void init() {
    thread = Thread.currentThread();
    routes.begun(this);
    inTurn(() -> {
      Problem refusal = refusal();
      if (refusal != null || method == null) {
        throw (refusal == null ? unknown() : refusal).raise();
      }
      if (isOver()) {
        return;
      }
      ServerCall.Listener<Q> begun = method.getServerCallHandler().startCall(answer, metadata);
      listener = begun;
      begun.onReady();
    });
  }

  private @Nullable Problem refusal() {
    if (caller.text("x-correlation-id") != null && !caller.correlationGiven()) {
      return new Problem(400, "bad-header", "Expected 1 to 255 visible ASCII characters in x-correlation-id, but found others; correct it.");
    }
    if (!encoding().equals("identity") && !encoding().equals("gzip")) {
      return new Problem(501, "unsupported-encoding", "Expected the grpc-encoding identity or gzip, but found \"" + encoding() + "\"; use one of these.");
    }
    return routes.hosts().refusal(headers.authority(), headers.httpHeaders().first(HeaderNames.ORIGIN).orElse(null));
  }

  private Problem unknown() {
    return new Problem(501, "not-found", "Expected a method of this server, but found " + path + "; reflection lists its services.");
  }

  private String encoding() {
    return headers.httpHeaders().first(HeaderNames.create("grpc-encoding")).orElse("identity");
  }

  @Override
  public void data(Http2FrameHeader header, @Nullable BufferData data) {
    boolean last = header.flags(Http2FrameTypes.DATA).endOfStream();
    inTurn(() -> {
      if (data != null && !isOver()) {
        frames.add(data, this::message);
      }
      if (last && !isOver() && frames.isInside()) {
        throw GrpcFrames.bad("Expected whole messages, but the last one breaks off.");
      }
      if (last) {
        clientEnded = true;
        deliver();
      }
    });
    if (last && (answer.isClosed() || stream.isCut())) {
      routes.ended(this);
    }
  }

  private void message(byte[] bytes) {
    if (isOver() || method == null) {
      return;
    }
    if (queued.size() == MOST_QUEUED) {
      throw new Problem(429, "too-many-messages", "Expected the client to wait for answers, but " + MOST_QUEUED + " requests wait already.").raise();
    }
    try {
      queued.add(method.getMethodDescriptor().parseRequest(new ByteArrayInputStream(bytes)));
    } catch (StatusRuntimeException e) {
      throw GrpcFrames.bad("Expected a message of " + path + ", but its bytes are none.");
    }
    deliver();
  }

  @Override
  public void request(int count) {
    wanted += count;
  }

  private void deliver() {
    ServerCall.Listener<Q> to = listener;
    if (to == null) {
      return;
    }
    while (wanted > 0 && !queued.isEmpty() && !isOver()) {
      wanted--;
      to.onMessage(queued.remove());
    }
    if (clientEnded && queued.isEmpty() && !halfClosed && !isOver()) {
      halfClosed = true;
      to.onHalfClose();
    }
  }

  private boolean isOver() {
    return answer.isClosed() || stream.isCut();
  }

  /// Runs `work` as the only one; what it throws ends the call.
  private void inTurn(Runnable work) {
    turn.lock();
    Context outside = context.attach();
    try {
      work.run();
    } catch (Throwable e) {
      failed(e);
    } finally {
      context.detach(outside);
      turn.unlock();
    }
    if (stream.isCut()) {
      givenUp();
    }
  }

  private void failed(Throwable failure) {
    switch (failure) {
      case GrpcStream.Gone gone -> stream.cut();
      case Problem.Raised raised -> close(GrpcProblem.of(raised.problem()));
      case StatusRuntimeException status -> close(status);
      default -> {
        if (!isOver()) {
          LOG.error("grpc_call_failed method={} correlation_id={}", path, caller.correlationId(), failure);
          close(GrpcProblem.of(Refusals.failure(500, "this server", failure.getClass().getSimpleName())));
        }
      }
    }
  }

  private void close(StatusRuntimeException status) {
    answer.close(status.getStatus(), status.getTrailers() == null ? new Metadata() : status.getTrailers());
  }

  @Override
  public void closed(Status status) {
    Timer.builder("hodei.grpc.requests").description("gRPC calls answered").tag("method", method == null ? "unknown" : path.substring(1))
        .tag("status", status.getCode().name()).register(routes.metrics()).record(Duration.ofNanos(System.nanoTime() - begunNanos));
    queued.clear();
    if (clientEnded) {
      routes.ended(this);
      wake();
    }
  }

  /// The client gives the call up. Comes on the connection's thread, which must not wait for what answers the call.
  @Override
  public void rstStream(Http2RstStream reset) {
    giveUp();
  }

  private void giveUp() {
    stream.cut();
    if (turn.tryLock()) {
      try {
        givenUp();
      } finally {
        turn.unlock();
      }
    }
  }

  /// Tells whoever answers, once.
  private void givenUp() {
    turn.lock();
    Context outside = context.attach();
    try {
      if (!toldCancelled) {
        toldCancelled = true;
        queued.clear();
        if (listener != null && !answer.isClosed()) {
          listener.onCancel();
        }
      }
    } catch (RuntimeException e) {
      LOG.debug("grpc_cancel_failed method={} cause=\"{}\"", path, e.toString());
    } finally {
      context.detach(outside);
      turn.unlock();
    }
    context.cancel(null);
  }

  /// The stream's thread may go: what has come is taken.
  private void release() {
    released = true;
    routes.ended(this);
    wake();
  }

  /// The stream's thread may wait for data that never comes.
  private void wake() {
    Thread waiting = thread;
    if (waiting != null && waiting != Thread.currentThread()) {
      waiting.interrupt();
    }
  }

  @Override
  public Http2StreamState streamState() {
    if (released || clientEnded && (answer.isClosed() || stream.isCut())) {
      return Http2StreamState.CLOSED;
    }
    return clientEnded ? Http2StreamState.HALF_CLOSED_REMOTE : Http2StreamState.OPEN;
  }

  @Override
  public void windowUpdate(Http2WindowUpdate update) {
    // Helidon has told the window, which wakes whoever waits for it.
  }

  /// Cuts what waits for a client that has ended nothing or is gone. Comes on the thread of a loop, which must not wait.
  void look() {
    if (stream.isCut()) {
      giveUp();
      if (stream.cutFor().compareTo(DRAINED) > 0) {
        release();
      }
    } else if (answer.isClosed()) {
      if (stream.quiet().compareTo(LAST_WORDS) > 0) {
        giveUp();
      }
    } else if (stream.quiet().compareTo(QUIET) > 0 && !pinging) {
      pinging = true;
      Thread.startVirtualThread(() -> {
        stream.ping();
        pinging = false;
      });
    }
  }

  private static Metadata metadataOf(Http2Headers headers) {
    Metadata metadata = new Metadata();
    for (Header header : headers.httpHeaders()) {
      String name = header.headerName().lowerCase();
      try {
        for (String value : header.allValues()) {
          if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
            metadata.put(Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER), Base64.getDecoder().decode(value));
          } else if (!name.startsWith(":")) {
            metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
          }
        }
      } catch (IllegalArgumentException e) {
        LOG.debug("grpc_metadata_skipped name={} cause=\"{}\"", name, e.toString());
      }
    }
    return metadata;
  }
}
