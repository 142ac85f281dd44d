package io.hodei.kit;

import io.grpc.Context;
import io.grpc.Metadata;
import org.jspecify.annotations.Nullable;

/// Who makes the current gRPC call, from its metadata. `correlationGiven`: the id is the caller's own.
public record GrpcCaller(String correlationId, boolean correlationGiven, Metadata metadata) {
  static final Metadata.Key<String> CORRELATION = Metadata.Key.of("x-correlation-id", Metadata.ASCII_STRING_MARSHALLER);

  static final Context.Key<GrpcCaller> KEY = Context.key("hodei-caller");

  /// Of the call that this thread answers.
  public static GrpcCaller current() {
    GrpcCaller caller = KEY.get();
    if (caller == null) {
      throw new IllegalStateException("Expected to be in a gRPC call, but this thread answers none.");
    }
    return caller;
  }

  static GrpcCaller of(Metadata metadata) {
    String given = metadata.get(CORRELATION);
    boolean usable = given != null && Correlation.isUsable(given);
    return new GrpcCaller(usable ? given : Uuid7.next(), usable, metadata);
  }

  /// The text `name` of the metadata; null when it is not there.
  public @Nullable String text(String name) {
    return metadata.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
  }
}
