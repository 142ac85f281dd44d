package io.hodei.api;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.hodei.jobs.v1.JobServiceGrpc;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;

/// A client of job-api's gRPC, with a connection of its own.
final class GrpcClient implements AutoCloseable {
  private final ManagedChannel channel;

  GrpcClient(int port) {
    this(port, "127.0.0.1:" + port);
  }

  GrpcClient(int port, String authority) {
    channel = OkHttpChannelBuilder.forAddress("127.0.0.1", port).overrideAuthority(authority).usePlaintext().build();
  }

  ManagedChannel channel() {
    return channel;
  }

  /// With metadata, name after value; a call that hangs fails.
  JobServiceGrpc.JobServiceBlockingStub call(String... metadata) {
    return JobServiceGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata(metadata)));
  }

  JobServiceGrpc.JobServiceStub async(String... metadata) {
    return JobServiceGrpc.newStub(channel).withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata(metadata)));
  }

  static Metadata metadata(String... pairs) {
    Metadata metadata = new Metadata();
    for (int i = 0; i < pairs.length; i += 2) {
      metadata.put(Metadata.Key.of(pairs[i], Metadata.ASCII_STRING_MARSHALLER), pairs[i + 1]);
    }
    return metadata;
  }

  /// Sends bytes that are perhaps no message.
  static byte[] raw(Channel channel, String method, byte[] request) {
    MethodDescriptor.Marshaller<byte[]> bytes = new MethodDescriptor.Marshaller<>() {
      @Override
      public InputStream stream(byte[] value) {
        return new ByteArrayInputStream(value);
      }

      @Override
      public byte[] parse(InputStream stream) {
        try {
          return stream.readAllBytes();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
    return ClientCalls.blockingUnaryCall(channel, MethodDescriptor.newBuilder(bytes, bytes).setFullMethodName(method)
        .setType(MethodDescriptor.MethodType.UNARY).build(), CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS), request);
  }

  /// The detail of an error; fails when it has none of the kind.
  static <M extends Message> M detail(StatusRuntimeException error, Class<M> kind) {
    com.google.rpc.Status status = StatusProto.fromThrowable(error);
    Assertions.assertNotNull(status, error.toString());
    for (Any each : status.getDetailsList()) {
      if (each.is(kind)) {
        try {
          return each.unpack(kind);
        } catch (InvalidProtocolBufferException e) {
          throw new AssertionError(e);
        }
      }
    }
    throw new AssertionError("Expected " + kind.getSimpleName() + " in " + status);
  }

  static ErrorInfo reason(StatusRuntimeException error) {
    return detail(error, ErrorInfo.class);
  }

  static BadRequest fields(StatusRuntimeException error) {
    return detail(error, BadRequest.class);
  }

  static boolean hasRetry(StatusRuntimeException error) {
    com.google.rpc.Status status = StatusProto.fromThrowable(error);
    return status != null && status.getDetailsList().stream().anyMatch(each -> each.is(RetryInfo.class));
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
