package io.hodei.api;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.hodei.schemas.Worker;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Calls that read workers and the clean-up board from the views.
final class FleetCalls {
  private static final int MAX_LIMIT = 1000;

  private final WorkerView workers;
  private final CleanupView cleanup;
  private final CursorSeal seal;
  private final InstantSource clock;

  FleetCalls(WorkerView workers, CleanupView cleanup, CursorSeal seal, InstantSource clock) {
    this.workers = workers;
    this.cleanup = cleanup;
    this.seal = seal;
    this.clock = clock;
  }

  void workers(ServerRequest request, ServerResponse response) {
    Query query = Query.of(request, WorkerFilter.PARAMETERS);
    WorkerFilter filter = WorkerFilter.of(query);
    String cursor = query.text("cursor");
    String list = filter.list();
    Rows.Page<Worker> found = workers.page(cursor == null ? null : seal.parse(cursor, list), filter, clock.instant(),
        (int) query.number("limit", 1, MAX_LIMIT, MAX_LIMIT));
    Map<String, @Nullable Object> page = new LinkedHashMap<>();
    page.put("items", found.rows().stream().map(WorkerView::json).toList());
    page.put("nextCursor", found.next() == null ? null : seal.text(found.next(), list));
    Answer.ok(response, page);
  }

  void worker(ServerRequest request, ServerResponse response) {
    Query.of(request);
    String id = request.path().pathParameters().get("id");
    Worker worker = workers.get(id);
    if (worker == null) {
      throw Problems.noWorker(id);
    }
    Answer.ok(response, WorkerView.json(worker));
  }

  void stats(ServerRequest request, ServerResponse response) {
    Query.of(request);
    Map<String, @Nullable Object> stats = new LinkedHashMap<>();
    Map<String, Long> byState = workers.counted("state");
    stats.put("total", byState.values().stream().mapToLong(Long::longValue).sum());
    stats.put("byState", byState);
    stats.put("byPool", workers.counted("pool"));
    stats.put("byProvider", workers.counted("provider"));
    Answer.ok(response, stats);
  }

  void cleanup(ServerRequest request, ServerResponse response) {
    Query.of(request);
    Answer.ok(response, cleanup.json(clock.instant(), workers.pendingDestroy()));
  }
}
