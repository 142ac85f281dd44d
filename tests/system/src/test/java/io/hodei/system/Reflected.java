package io.hodei.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.ErrorInfo;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.protobuf.StatusProto;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A client that knows an address and the name of a service, and learns the rest from the server's reflection. Speaks proto JSON.
final class Reflected implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ManagedChannel channel;
  private final ServiceDescriptor service;

  Reflected(String url, String service) {
    URI address = URI.create(url);
    channel = OkHttpChannelBuilder.forAddress(address.getHost(), address.getPort()).usePlaintext().build();
    this.service = described(service);
  }

  ManagedChannel channel() {
    return channel;
  }

  /// One answer of `method`, with metadata, name after value.
  JsonNode call(String method, String json, String... metadata) {
    return json(ClientCalls.blockingUnaryCall(call(method, metadata), message(method, json)));
  }

  /// All answers of `method`.
  Iterator<JsonNode> stream(String method, String json) {
    Iterator<DynamicMessage> answers = ClientCalls.blockingServerStreamingCall(call(method), message(method, json));
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return answers.hasNext();
      }

      @Override
      public JsonNode next() {
        return json(answers.next());
      }
    };
  }

  /// The answer to a stream of requests.
  JsonNode send(String method, List<String> items, String... metadata) throws Exception {
    CompletableFuture<DynamicMessage> answer = new CompletableFuture<>();
    StreamObserver<DynamicMessage> requests = ClientCalls.asyncClientStreamingCall(call(method, metadata), into(answer));
    items.forEach(item -> requests.onNext(message(method, item)));
    requests.onCompleted();
    return json(answer.get(60, TimeUnit.SECONDS));
  }

  /// Begins `method`, and takes its first answer and no other.
  CompletableFuture<JsonNode> unread(String method, String json) {
    CompletableFuture<JsonNode> first = new CompletableFuture<>();
    ClientCall<DynamicMessage, DynamicMessage> call = call(method);
    call.start(new ClientCall.Listener<>() {
      @Override
      public void onMessage(DynamicMessage message) {
        first.complete(json(message));
      }

      @Override
      public void onClose(io.grpc.Status status, Metadata trailers) {
        first.completeExceptionally(status.asException(trailers));
      }
    }, new Metadata());
    call.request(1);
    call.sendMessage(message(method, json));
    call.halfClose();
    return first;
  }

  /// The reason that an error gives.
  static String reason(StatusRuntimeException error) {
    try {
      for (var detail : StatusProto.fromThrowable(error).getDetailsList()) {
        if (detail.is(ErrorInfo.class)) {
          return detail.unpack(ErrorInfo.class).getReason();
        }
      }
      throw new AssertionError("Expected an ErrorInfo, but found " + error);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ClientCall<DynamicMessage, DynamicMessage> call(String name, String... pairs) {
    Metadata metadata = new Metadata();
    for (int i = 0; i < pairs.length; i += 2) {
      metadata.put(Metadata.Key.of(pairs[i], Metadata.ASCII_STRING_MARSHALLER), pairs[i + 1]);
    }
    MethodDescriptor method = method(name);
    io.grpc.MethodDescriptor.MethodType type = method.isClientStreaming() ? io.grpc.MethodDescriptor.MethodType.CLIENT_STREAMING
        : method.isServerStreaming() ? io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING : io.grpc.MethodDescriptor.MethodType.UNARY;
    return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(metadata)).newCall(
        io.grpc.MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder().setType(type).setFullMethodName(service.getFullName() + "/" + name)
            .setRequestMarshaller(ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getInputType())))
            .setResponseMarshaller(ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getOutputType()))).build(),
        CallOptions.DEFAULT.withDeadlineAfter(90, TimeUnit.SECONDS));
  }

  private MethodDescriptor method(String name) {
    MethodDescriptor found = service.findMethodByName(name);
    if (found == null) {
      throw new AssertionError("Expected a method " + name + ", but found " + service.getMethods());
    }
    return found;
  }

  private DynamicMessage message(String method, String json) {
    DynamicMessage.Builder message = DynamicMessage.newBuilder(method(method).getInputType());
    try {
      JsonFormat.parser().merge(json, message);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return message.build();
  }

  private static JsonNode json(DynamicMessage message) {
    try {
      return JSON.readTree(JsonFormat.printer().print(message));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ServiceDescriptor described(String name) {
    Map<String, FileDescriptorProto> files = new HashMap<>();
    try {
      FileDescriptorProto of = null;
      for (ByteString file : asked(ServerReflectionRequest.newBuilder().setFileContainingSymbol(name).build())
          .getFileDescriptorResponse().getFileDescriptorProtoList()) {
        FileDescriptorProto parsed = FileDescriptorProto.parseFrom(file);
        files.put(parsed.getName(), parsed);
        of = parsed.getServiceList().stream().anyMatch(each -> name.equals(parsed.getPackage() + "." + each.getName())) ? parsed : of;
      }
      if (of == null) {
        throw new AssertionError("Expected " + name + " in " + files.keySet());
      }
      return built(of, files).findServiceByName(name.substring(name.lastIndexOf('.') + 1));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private FileDescriptor built(FileDescriptorProto file, Map<String, FileDescriptorProto> files) throws IOException, DescriptorValidationException, InterruptedException {
    List<FileDescriptor> needed = new ArrayList<>();
    for (String name : file.getDependencyList()) {
      if (!files.containsKey(name)) {
        files.put(name, FileDescriptorProto.parseFrom(asked(ServerReflectionRequest.newBuilder().setFileByFilename(name).build())
            .getFileDescriptorResponse().getFileDescriptorProto(0)));
      }
      needed.add(built(files.get(name), files));
    }
    return FileDescriptor.buildFrom(file, needed.toArray(FileDescriptor[]::new));
  }

  /// What reflection (v1) answers.
  ServerReflectionResponse asked(ServerReflectionRequest question) throws InterruptedException {
    CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> stream = ServerReflectionGrpc.newStub(channel).serverReflectionInfo(into(answer));
    stream.onNext(question);
    stream.onCompleted();
    try {
      return answer.get(30, TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private static <A> StreamObserver<A> into(CompletableFuture<A> answer) {
    return new StreamObserver<>() {
      @Override
      public void onNext(A value) {
        answer.complete(value);
      }

      @Override
      public void onError(Throwable failure) {
        answer.completeExceptionally(failure);
      }

      @Override
      public void onCompleted() {}
    };
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
