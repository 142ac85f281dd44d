package io.hodei.api;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.hodei.schemas.Job;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Calls that read jobs from the view: list, get (with a wait for the end), why, and the events from their topic.
final class JobCalls {
  static final String[] WAIT_PARAMETERS = {"wait", "timeout"};

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
  private static final int MAX_LIMIT = 1000;

  private final JobView jobs;
  private final Why why;
  private final EventLog events;
  private final InstantSource clock;

  JobCalls(JobView jobs, Why why, EventLog events, InstantSource clock) {
    this.jobs = jobs;
    this.why = why;
    this.events = events;
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
    List<Map<String, @Nullable Object>> items = new ArrayList<>();
    Cursor[] places = new Cursor[2];
    jobs.visit(cursor == null ? null : Cursor.parse(cursor), (place, job) -> {
      if (filter.matches(job)) {
        if (items.size() == limit) {
          places[1] = places[0];
          return false;
        }
        items.add(JobJson.of(job));
        places[0] = place;
      }
      return true;
    });
    Map<String, @Nullable Object> page = new LinkedHashMap<>();
    page.put("items", items);
    page.put("nextCursor", places[1] == null ? null : places[1].text());
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
    return awaited(id, patience);
  }

  /// The job when it is terminal, or as it is when `patience` is over.
  private Job awaited(String id, Duration patience) throws InterruptedException {
    Deadline deadline = Deadline.in(patience);
    try (Watchers.Watch watch = jobs.watch(id)) {
      while (true) {
        Job job = known(id);
        if (deadline.isOver() || JobView.isTerminal(job)) {
          return job;
        }
        watch.await(deadline.left());
      }
    }
  }

  void why(ServerRequest request, ServerResponse response) {
    Query.of(request);
    Answer.ok(response, why.of(known(request.path().pathParameters().get("id")), clock.instant()));
  }

  void events(ServerRequest request, ServerResponse response) {
    Query.of(request);
    Answer.ok(response, Map.of("items", events.of(known(request.path().pathParameters().get("id")))));
  }

  private Job known(String id) {
    Job job = jobs.get(id);
    if (job == null) {
      throw Problems.noJob(id);
    }
    return job;
  }
}
