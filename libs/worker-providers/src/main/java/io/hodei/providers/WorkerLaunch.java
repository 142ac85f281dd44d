package io.hodei.providers;

import java.net.URI;

/// What a provider needs to make a worker. `token` is the agent's secret: it goes in by file or an equal of it, never by
/// argument, environment or label. `gateway` is an `http://host:port` of the gRPC gateway.
public record WorkerLaunch(String workerId, String pool, URI gateway, String token, WorkerShape shape, WorkerTerms terms) {
  /// On no terms in particular.
  public WorkerLaunch(String workerId, String pool, URI gateway, String token, WorkerShape shape) {
    this(workerId, pool, gateway, token, shape, WorkerTerms.NONE);
  }

  /// Of no shape in particular.
  public WorkerLaunch(String workerId, String pool, URI gateway, String token) {
    this(workerId, pool, gateway, token, WorkerShape.NONE);
  }

  @Override
  public String toString() {
    return "WorkerLaunch[" + workerId + ", " + pool + ", " + gateway + ", " + shape + ", " + terms + "]";
  }
}
