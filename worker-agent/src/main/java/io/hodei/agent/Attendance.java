package io.hodei.agent;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.hodei.gateway.v1.AttendRequest;
import io.hodei.gateway.v1.Directive;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One opening of the Attend stream. Directives arrive on gRPC's threads, one at a time.
final class Attendance implements ClientResponseObserver<AttendRequest, Directive> {
  private final CompletableFuture<Status> end = new CompletableFuture<>();
  private final Consumer<Directive> directives;
  private volatile @Nullable ClientCallStreamObserver<AttendRequest> call;
  private volatile boolean answered;

  Attendance(Consumer<Directive> directives) {
    this.directives = directives;
  }

  /// How the stream ended; OK when the gateway closed it in order.
  CompletableFuture<Status> end() {
    return end;
  }

  /// Whether the gateway has said anything on it.
  boolean answered() {
    return answered;
  }

  /// The connection is not to be trusted any more.
  void cut() {
    var open = call;
    if (open != null) {
      open.cancel("Expected heartbeats to be answered, but they are not", null);
    }
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<AttendRequest> requests) {
    call = requests;
  }

  @Override
  public void onNext(Directive directive) {
    answered = true;
    directives.accept(directive);
  }

  @Override
  public void onError(Throwable error) {
    end.complete(Status.fromThrowable(error));
  }

  @Override
  public void onCompleted() {
    end.complete(Status.OK);
  }
}
