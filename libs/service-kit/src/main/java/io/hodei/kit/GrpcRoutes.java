package io.hodei.kit;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
import io.helidon.http.http2.Http2Headers;
import io.helidon.http.http2.Http2Settings;
import io.helidon.http.http2.Http2StreamState;
import io.helidon.http.http2.Http2StreamWriter;
import io.helidon.http.http2.StreamFlowControl;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.Router;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.http2.Http2Config;
import io.helidon.webserver.http2.Http2ConnectionSelector;
import io.helidon.webserver.http2.spi.Http2SubProtocolSelector;
import io.helidon.webserver.http2.spi.SubProtocolResult;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The gRPC services of one listener, beside its HTTP.
/// Each call runs on a virtual thread of its own ([GrpcCall]); a call's answer waits for its reader, and ends when the reader takes
/// nothing for `patience`. The limits are the same for every service. Thread-safe.
public final class GrpcRoutes implements Http2SubProtocolSelector {
  /// Largest message that is read.
  public static final int MAX_MESSAGE = 8 * 1024 * 1024;

  /// How long a call waits for a reader that takes nothing.
  public static final Duration PATIENCE = Duration.ofSeconds(60);

  /// Helidon closes an HTTP/2 connection on which nothing has begun for this long, whatever still runs on it; a watched job may run for a day.
  private static final Duration LONGEST_SILENCE = Duration.ofHours(25);

  private final Map<String, ServerMethodDefinition<?, ?>> methods = new HashMap<>();
  private final Set<GrpcCall<?, ?>> calls = ConcurrentHashMap.newKeySet();
  private final HostCheck hosts;
  private final MeterRegistry metrics;
  private final Duration patience;
  private final Server served;

  /// `metrics` takes the timer of the calls.
  public GrpcRoutes(HostCheck hosts, MeterRegistry metrics, Duration patience, BindableService... services) {
    this.hosts = hosts;
    this.metrics = metrics;
    this.patience = patience;
    List<ServerServiceDefinition> definitions = new ArrayList<>();
    for (BindableService service : services) {
      ServerServiceDefinition definition = service.bindService();
      definitions.add(definition);
      definition.getMethods().forEach(method -> methods.put(method.getMethodDescriptor().getFullMethodName(), method));
    }
    this.served = new GrpcServed(definitions);
  }

  /// Has the listener serve them, on connections that may be silent while a call is open. Upgrades from HTTP/1.1 to HTTP/2, which no
  /// client needs any more (RFC 9113, 3.1), are not made: such a client goes on with HTTP/1.1.
  public void addTo(WebServerConfig.Builder listener) {
    listener.addConnectionSelector(new SteadyHttp2(Http2ConnectionSelector.builder().http2Config(Http2Config.create()).addSubProtocolSelector(this).build()))
        .addConnectionSelector(Http1ConnectionSelector.builder().config(Http1Config.create()).build())
        .idleConnectionTimeout(LONGEST_SILENCE);
  }

  @Override
  public SubProtocolResult subProtocol(ConnectionContext connection, HttpPrologue prologue, Http2Headers headers, Http2StreamWriter writer,
      int streamId, Http2Settings serverSettings, Http2Settings clientSettings, StreamFlowControl flowControl, Http2StreamState state, Router router) {
    String type = headers.httpHeaders().first(HeaderNames.CONTENT_TYPE).orElse("");
    if (prologue.method() != Method.POST || !isGrpc(type)) {
      return NOT_SUPPORTED;
    }
    String path = prologue.uriPath().path();
    ServerMethodDefinition<?, ?> method = methods.get(path.startsWith("/") ? path.substring(1) : path);
    return new SubProtocolResult(true, call(method, path, headers, new GrpcStream(writer, flowControl.outbound(), streamId, patience)));
  }

  private <Q, A> GrpcCall<Q, A> call(@Nullable ServerMethodDefinition<Q, A> method, String path, Http2Headers headers, GrpcStream stream) {
    return new GrpcCall<>(this, method, path, headers, stream);
  }

  private static boolean isGrpc(String type) {
    String plain = type.split(";", 2)[0].trim();
    return plain.equals("application/grpc") || plain.equals("application/grpc+proto");
  }

  HostCheck hosts() {
    return hosts;
  }

  MeterRegistry metrics() {
    return metrics;
  }

  /// What reflection asks for the services.
  Server served() {
    return served;
  }

  void begun(GrpcCall<?, ?> call) {
    calls.add(call);
  }

  void ended(GrpcCall<?, ?> call) {
    calls.remove(call);
  }

  /// How many calls are open.
  public int open() {
    return calls.size();
  }

  /// Looks after calls whose client says nothing any more: to be run every few seconds.
  public void look() {
    calls.forEach(GrpcCall::look);
  }
}
