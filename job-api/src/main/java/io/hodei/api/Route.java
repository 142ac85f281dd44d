package io.hodei.api;

import io.helidon.http.Method;

/// Every call that job-api answers: the one table from which the routing is made and the OpenAPI document is checked.
enum Route {
  SUBMIT_JOBS(Method.POST, "/v1/jobs"),
  LIST_JOBS(Method.GET, "/v1/jobs"),
  GET_JOB(Method.GET, "/v1/jobs/{id}"),
  CANCEL_JOB(Method.POST, "/v1/jobs/{id}/cancel"),
  RETRY_JOB(Method.POST, "/v1/jobs/{id}/retry"),
  JOB_LOGS(Method.GET, "/v1/jobs/{id}/logs"),
  JOB_EVENTS(Method.GET, "/v1/jobs/{id}/events"),
  JOB_WHY(Method.GET, "/v1/jobs/{id}/why"),
  LIST_WORKERS(Method.GET, "/v1/workers"),
  WORKER_STATS(Method.GET, "/v1/workers/stats"),
  GET_WORKER(Method.GET, "/v1/workers/{id}"),
  DRAIN_WORKER(Method.POST, "/v1/workers/{id}/drain"),
  DESTROY_WORKER(Method.POST, "/v1/workers/{id}/destroy"),
  LIST_POOLS(Method.GET, "/v1/pools"),
  GET_POOL(Method.GET, "/v1/pools/{name}"),
  PUT_POOL(Method.PUT, "/v1/pools/{name}"),
  AUDIT_EVENTS(Method.GET, "/v1/audit/events"),
  CLEANUP(Method.GET, "/v1/cleanup"),
  RUN_GC(Method.POST, "/v1/gc/runs"),
  GET_FLAGS(Method.GET, "/v1/flags"),
  PUT_FLAGS(Method.PUT, "/v1/flags"),
  LIST_DEAD_LETTERS(Method.GET, "/v1/dead-letters"),
  GET_DEAD_LETTER(Method.GET, "/v1/dead-letters/{id}"),
  REPLAY_DEAD_LETTER(Method.POST, "/v1/dead-letters/{id}/replay"),
  DROP_DEAD_LETTER(Method.DELETE, "/v1/dead-letters/{id}"),
  OPENAPI(Method.GET, "/openapi");

  private final Method method;
  private final String path;

  Route(Method method, String path) {
    this.method = method;
    this.path = path;
  }

  Method method() {
    return method;
  }

  /// With parameters in braces.
  String path() {
    return path;
  }
}
