package io.hodei.api;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.hodei.kit.Correlation;
import io.hodei.kit.GrpcCaller;
import org.jspecify.annotations.Nullable;

/// What a call says besides its body: in headers over HTTP, in metadata over gRPC. `correlationGiven`: the id is the caller's own.
record Caller(@Nullable String idempotencyKey, @Nullable String actor, String correlationId, boolean correlationGiven) {
  private static final HeaderName KEY = HeaderNames.create("Idempotency-Key");
  private static final HeaderName ACTOR = HeaderNames.create("X-Actor");

  static Caller of(ServerRequest request, ServerResponse response) {
    return new Caller(request.headers().first(KEY).orElse(null), request.headers().first(ACTOR).orElse(null), Correlation.of(response),
        request.headers().contains(Correlation.HEADER));
  }

  static Caller of(GrpcCaller call) {
    return new Caller(call.text("idempotency-key"), call.text("x-actor"), call.correlationId(), call.correlationGiven());
  }

  /// As [RequestParser] reads it; a call that brings no correlation id takes on `inherited`, where there is one.
  RequestParser.Headers headers(@Nullable String inherited) {
    return new RequestParser.Headers(idempotencyKey, actor, correlationOr(inherited));
  }

  String actorOrAnonymous() {
    return actor == null ? "anonymous" : actor;
  }

  String correlationOr(@Nullable String inherited) {
    return correlationGiven || inherited == null ? correlationId : inherited;
  }
}
