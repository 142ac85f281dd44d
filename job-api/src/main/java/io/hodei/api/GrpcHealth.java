package io.hodei.api;

import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.hodei.jobs.v1.JobServiceGrpc;
import io.hodei.kit.Problem;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// `grpc.health.v1`: SERVING while `/health/ready` says 200. Who watches has a thread of its own, which looks twice a second.
final class GrpcHealth extends HealthGrpc.HealthImplBase {
  static final int MAX_WATCHERS = 256;

  private static final Duration LOOK = Duration.ofMillis(500);

  private final BooleanSupplier ready;
  private final BooleanSupplier stopping;
  private final Semaphore watchers = new Semaphore(MAX_WATCHERS);

  GrpcHealth(BooleanSupplier ready, BooleanSupplier stopping) {
    this.ready = ready;
    this.stopping = stopping;
  }

  @Override
  public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> reply) {
    ServingStatus status = status(request.getService());
    if (status == ServingStatus.SERVICE_UNKNOWN) {
      throw new Problem(404, "not-found", "Expected no service, or " + JobServiceGrpc.SERVICE_NAME + ", but found " + request.getService() + ".").raise();
    }
    reply.onNext(HealthCheckResponse.newBuilder().setStatus(status).build());
    reply.onCompleted();
  }

  @Override
  public void watch(HealthCheckRequest request, StreamObserver<HealthCheckResponse> reply) {
    ServerCallStreamObserver<HealthCheckResponse> watcher = (ServerCallStreamObserver<HealthCheckResponse>) reply;
    if (!watchers.tryAcquire()) {
      throw new Problem(429, "too-many-watchers", "Expected at most " + MAX_WATCHERS
          + " who watch the health at once, but there are as many already; try again later.").raise();
    }
    try {
      ServingStatus told = ServingStatus.UNKNOWN;
      while (!watcher.isCancelled() && !stopping.getAsBoolean()) {
        ServingStatus now = status(request.getService());
        if (now != told) {
          told = now;
          watcher.onNext(HealthCheckResponse.newBuilder().setStatus(now).build());
        }
        LockSupport.parkNanos(LOOK.toNanos());
      }
    } finally {
      watchers.release();
    }
    throw new Problem(503, "service-down", "Expected to tell the health, but job-api stops; call again.").raise();
  }

  private ServingStatus status(String service) {
    if (!service.isEmpty() && !service.equals(JobServiceGrpc.SERVICE_NAME)) {
      return ServingStatus.SERVICE_UNKNOWN;
    }
    return ready.getAsBoolean() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
  }
}
