package io.hodei.api;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.hodei.schemas.Worker;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Calls that read workers and the clean-up board from the views.
final class FleetCalls {
  private static final Comparator<Worker> NEWEST_FIRST = Comparator.comparing(Worker::getCreatedAt).thenComparing(Worker::getId).reversed();

  private final WorkerView workers;
  private final CleanupView cleanup;
  private final InstantSource clock;

  FleetCalls(WorkerView workers, CleanupView cleanup, InstantSource clock) {
    this.workers = workers;
    this.cleanup = cleanup;
    this.clock = clock;
  }

  void workers(ServerRequest request, ServerResponse response) {
    WorkerFilter filter = WorkerFilter.of(Query.of(request, WorkerFilter.PARAMETERS));
    Instant now = clock.instant();
    Answer.ok(response, Map.of("items",
        workers.all().filter(worker -> filter.matches(worker, now)).sorted(NEWEST_FIRST).map(WorkerView::json).toList()));
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
    Map<String, Long> byState = counted(Worker::getState);
    stats.put("total", byState.values().stream().mapToLong(Long::longValue).sum());
    stats.put("byState", byState);
    stats.put("byPool", counted(Worker::getPool));
    stats.put("byProvider", counted(Worker::getProvider));
    Answer.ok(response, stats);
  }

  private Map<String, Long> counted(Function<Worker, String> by) {
    return workers.all().collect(Collectors.groupingBy(by, TreeMap::new, Collectors.counting()));
  }

  void cleanup(ServerRequest request, ServerResponse response) {
    Query.of(request);
    Answer.ok(response, cleanup.json(clock.instant(), workers.pendingDestroy()));
  }
}
