package io.hodei.api;

import io.helidon.webserver.http.Handler;

/// The handler of each route.
record Calls(SubmitCalls submit, ControlCalls control, JobCalls jobs, LogCalls logs, FleetCalls fleet, PoolCalls pools, FlagCalls flags,
    ProxyCalls proxy, LetterCalls letters, OpenApi openApi) {
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
      case LIST_POOLS -> pools::list;
      case GET_POOL -> pools::get;
      case CLEANUP -> fleet::cleanup;
      case AUDIT_EVENTS -> proxy::auditEvents;
      case RUN_GC -> proxy::runGc;
      case LIST_DEAD_LETTERS -> letters::list;
      case GET_DEAD_LETTER -> letters::get;
      case REPLAY_DEAD_LETTER -> letters::replay;
      case DROP_DEAD_LETTER -> letters::drop;
      case OPENAPI -> openApi::document;
      case PUT_POOL -> pools::put;
      case GET_FLAGS -> flags::get;
      case PUT_FLAGS -> flags::put;
    };
  }

  /// Whether the route can be answered only when all views have caught up; dead letters wait for their own.
  static boolean readsViews(Route route) {
    return switch (route) {
      case SUBMIT_JOBS, LIST_JOBS, GET_JOB, CANCEL_JOB, RETRY_JOB, JOB_LOGS, JOB_EVENTS, JOB_WHY, LIST_WORKERS, WORKER_STATS, GET_WORKER,
          DRAIN_WORKER, DESTROY_WORKER, LIST_POOLS, GET_POOL, CLEANUP, PUT_POOL, GET_FLAGS, PUT_FLAGS -> true;
      case AUDIT_EVENTS, RUN_GC, OPENAPI, LIST_DEAD_LETTERS, GET_DEAD_LETTER, REPLAY_DEAD_LETTER,
          DROP_DEAD_LETTER -> false;
    };
  }
}
