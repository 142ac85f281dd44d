package io.hodei.api;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.hodei.kit.Problem;
import io.hodei.schemas.Job;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Calls that read jobs from the view: list, get (with a wait for the end), why, and the events from their topic.
final class JobCalls {
  static final String[] WAIT_PARAMETERS = {"wait", "timeout"};

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
  private static final int MAX_LIMIT = 1000;

  /// Calls that wait at once; each holds a connection and a thread's stack.
  static final int MAX_WAITERS = 4096;


  private final JobView jobs;
  private final Why why;
  private final EventLog events;
  private final CursorSeal seal;
  private final InstantSource clock;
  private final Semaphore waiters = new Semaphore(MAX_WAITERS);

  JobCalls(JobView jobs, Why why, EventLog events, CursorSeal seal, InstantSource clock) {
    this.jobs = jobs;
    this.why = why;
    this.events = events;
    this.seal = seal;
    this.clock = clock;
  }

  void list(ServerRequest request, ServerResponse response) {
    Answer.ok(response, page(Query.of(request, JobFilter.PARAMETERS)));
  }

  Map<String, @Nullable Object> page(Query query) {
    return page(JobFilter.of(query), query.text("cursor"), (int) query.number("limit", 1, MAX_LIMIT, 50));
  }

  /// `items` and `nextCursor`, which is null when there are no more.
  Map<String, @Nullable Object> page(JobFilter filter, @Nullable String cursor, int limit) {
    String list = filter.list();
    Rows.Page<Job> found = jobs.page(cursor == null ? null : seal.parse(cursor, list), filter, limit);
    Map<String, @Nullable Object> page = new LinkedHashMap<>();
    page.put("items", found.rows().stream().map(JobJson::of).toList());
    page.put("nextCursor", found.next() == null ? null : seal.text(found.next(), list));
    return page;
  }

  void get(ServerRequest request, ServerResponse response) throws InterruptedException {
    Answer.ok(response, JobJson.of(get(request.path().pathParameters().get("id"), Query.of(request, WAIT_PARAMETERS))));
  }

  /// The job, at once or when it has ended, as `query` wants it.
  Job get(String id, Query query) throws InterruptedException {
    boolean wait = query.oneOf("wait", List.of("terminal")) != null;
    Duration timeout = query.duration("timeout");
    if (timeout != null && (!wait || timeout.compareTo(LONGEST_WAIT) > 0)) {
      throw Problems.badQuery("timeout", wait ? "at most 60s" : "wait=terminal beside it", String.valueOf(query.text("timeout")));
    }
    Duration patience = !wait ? Duration.ZERO : timeout == null ? Duration.ofSeconds(30) : timeout;
    return wait ? awaited(id, patience) : jobs.known(id);
  }

  /// The job when it is terminal, or as it is when `patience` is over.
  private Job awaited(String id, Duration patience) throws InterruptedException {
    if (!waiters.tryAcquire()) {
      throw new Problem(429, "too-many-waiters", "Expected at most " + MAX_WAITERS
          + " calls that wait for a job's end at once, but there are as many already; ask without wait, or try again later.").raise();
    }
    Deadline deadline = Deadline.in(patience);
    try (Watchers.Watch watch = jobs.watch(id)) {
      while (true) {
        Job job = jobs.known(id);
        if (deadline.isOver() || JobView.isTerminal(job)) {
          return job;
        }
        watch.await(deadline.left());
      }
    } finally {
      waiters.release();
    }
  }

  void why(ServerRequest request, ServerResponse response) {
    Query.of(request);
    Answer.ok(response, why.of(jobs.known(request.path().pathParameters().get("id")), clock.instant()));
  }

  void events(ServerRequest request, ServerResponse response) {
    Query.of(request);
    Answer.ok(response, Map.of("items", events.of(jobs.known(request.path().pathParameters().get("id")))));
  }
}
