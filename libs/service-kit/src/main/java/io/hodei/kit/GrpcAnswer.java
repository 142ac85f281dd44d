package io.hodei.kit;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.helidon.http.HeaderNames;
import io.helidon.http.WritableHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// The answer of one call: headers, messages, and the status that ends it. Sending waits for the client (see [GrpcStream]). Every
/// answer carries `x-correlation-id`. Used by the call's thread.
final class GrpcAnswer<Q, A> extends ServerCall<Q, A> {
  private static final int HEAD = 5;
  private static final String TYPE = "application/grpc";

  /// The side of the call that gives the requests.
  interface Requests {
    void request(int count);

    void closed(Status status);
  }

  private final @Nullable MethodDescriptor<Q, A> method;
  private final GrpcStream stream;
  private final String correlation;
  private final Requests requests;
  private boolean begun;
  private volatile boolean closed;

  GrpcAnswer(@Nullable MethodDescriptor<Q, A> method, GrpcStream stream, String correlation, Requests requests) {
    this.method = method;
    this.stream = stream;
    this.correlation = correlation;
    this.requests = requests;
  }

  @Override
  public void request(int count) {
    requests.request(count);
  }

  @Override
  public void sendHeaders(Metadata metadata) {
    begun = true;
    stream.headers(headers(metadata, true), true, false);
  }

  @Override
  public void sendMessage(A message) {
    if (stream.isCut()) {
      throw new GrpcStream.Gone();
    }
    try (InputStream in = getMethodDescriptor().streamResponse(message)) {
      byte[] bytes = in.readAllBytes();
      byte[] framed = new byte[HEAD + bytes.length];
      framed[1] = (byte) (bytes.length >>> 24);
      framed[2] = (byte) (bytes.length >>> 16);
      framed[3] = (byte) (bytes.length >>> 8);
      framed[4] = (byte) bytes.length;
      System.arraycopy(bytes, 0, framed, HEAD, bytes.length);
      stream.data(framed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close(Status status, Metadata trailers) {
    if (closed) {
      return;
    }
    closed = true;
    WritableHeaders<?> headers = headers(trailers, !begun);
    headers.set(HeaderNames.create("grpc-status"), Integer.toString(status.getCode().value()));
    String description = status.getDescription();
    if (description != null) {
      headers.set(HeaderNames.create("grpc-message"), escaped(description));
    }
    try {
      stream.headers(headers, !begun, true);
    } catch (GrpcStream.Gone e) {
      // There is nobody to tell.
    } finally {
      requests.closed(status);
    }
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public boolean isCancelled() {
    return stream.isCut();
  }

  @Override
  public MethodDescriptor<Q, A> getMethodDescriptor() {
    if (method == null) {
      throw new IllegalStateException("Expected a known method, but this call names none.");
    }
    return method;
  }

  private WritableHeaders<?> headers(Metadata metadata, boolean first) {
    WritableHeaders<?> headers = WritableHeaders.create();
    if (first) {
      headers.set(HeaderNames.CONTENT_TYPE, TYPE);
      headers.set(HeaderNames.create("grpc-accept-encoding"), "identity,gzip");
      headers.set(Correlation.HEADER, correlation);
    }
    for (String name : metadata.keys()) {
      if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
        Iterable<byte[]> values = metadata.getAll(Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER));
        if (values != null) {
          values.forEach(value -> headers.add(HeaderNames.create(name), Base64.getEncoder().withoutPadding().encodeToString(value)));
        }
      } else {
        Iterable<String> values = metadata.getAll(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
        if (values != null) {
          values.forEach(value -> headers.add(HeaderNames.create(name), value));
        }
      }
    }
    return headers;
  }

  /// As gRPC writes messages into headers: what is not visible ASCII as %XX of its UTF-8.
  static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      if (each >= 0x20 && each < 0x7F && each != '%') {
        escaped.append((char) each);
      } else {
        escaped.append('%').append("%02X".formatted(each));
      }
    }
    return escaped.toString();
  }
}
