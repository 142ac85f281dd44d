package io.hodei.api;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.hodei.kit.Problem;
import java.util.Arrays;
import java.util.List;

/// The handler of each route.
record Calls(SubmitCalls submit, ControlCalls control, JobCalls jobs, LogCalls logs, FleetCalls fleet, ProxyCalls proxy, OpenApi openApi) {
  Handler of(Route route) {
    return switch (route) {
      case SUBMIT_JOBS -> submit::submit;
      case LIST_JOBS -> jobs::list;
      case GET_JOB -> jobs::get;
      case CANCEL_JOB -> control::cancel;
      case RETRY_JOB -> submit::retry;
      case JOB_LOGS -> logs::logs;
      case JOB_EVENTS -> jobs::events;
      case JOB_WHY -> jobs::why;
      case LIST_WORKERS -> fleet::workers;
      case WORKER_STATS -> fleet::stats;
      case GET_WORKER -> fleet::worker;
      case DRAIN_WORKER -> control::drain;
      case DESTROY_WORKER -> control::destroy;
      case LIST_POOLS -> fleet::pools;
      case GET_POOL -> fleet::pool;
      case CLEANUP -> fleet::cleanup;
      case AUDIT_EVENTS -> proxy::auditEvents;
      case RUN_GC -> proxy::runGc;
      case OPENAPI -> openApi::document;
      case PUT_POOL -> notBuilt("changing pools (PUT /v1/pools/{name})");
      case GET_FLAGS, PUT_FLAGS -> notBuilt("run-time flags (/v1/flags)");
      case LIST_DEAD_LETTERS, GET_DEAD_LETTER, REPLAY_DEAD_LETTER, DROP_DEAD_LETTER ->
          notBuilt("listing, replaying and dropping dead letters (/v1/dead-letters)");
    };
  }

  /// Whether the route can be answered only when the views have caught up.
  static boolean readsViews(Route route) {
    return switch (route) {
      case SUBMIT_JOBS, LIST_JOBS, GET_JOB, CANCEL_JOB, RETRY_JOB, JOB_LOGS, JOB_EVENTS, JOB_WHY, LIST_WORKERS, WORKER_STATS, GET_WORKER,
          DRAIN_WORKER, DESTROY_WORKER, LIST_POOLS, GET_POOL, CLEANUP -> true;
      case AUDIT_EVENTS, RUN_GC, OPENAPI, PUT_POOL, GET_FLAGS, PUT_FLAGS, LIST_DEAD_LETTERS, GET_DEAD_LETTER, REPLAY_DEAD_LETTER,
          DROP_DEAD_LETTER -> false;
    };
  }

  /// Answers what no route has taken: 405 with the methods there are, else 404.
  static void unknown(ServerRequest request, ServerResponse response) {
    String path = request.path().absolute().path();
    List<String> methods = Arrays.stream(Route.values()).filter(route -> route.matches(path)).map(route -> route.method().text()).toList();
    if (!methods.isEmpty()) {
      response.header(HeaderNames.ALLOW, String.join(", ", methods));
      new Problem(405, "method-not-allowed", "Expected " + String.join(" or ", methods) + " on " + path + ", but found "
          + request.prologue().method().text() + ".").send(response);
    } else if (path.startsWith("/hodei.v1.")) {
      Problem.notBuilt("gRPC on job-api (hodei.v1.JobService)").send(response);
    } else {
      new Problem(404, "not-found", "Expected a path of the API, but found " + path + "; GET /openapi lists them.").send(response);
    }
  }

  private static Handler notBuilt(String what) {
    return (request, response) -> Problem.notBuilt(what).send(response);
  }
}
