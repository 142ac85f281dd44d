package io.hodei.api;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.hodei.kit.Problem;
import io.hodei.schemas.Job;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;

/// `GET /v1/jobs/{id}/logs`, and the same over gRPC. Each reader has a consumer of its own; their number is limited. Closing ends all of them.
final class LogCalls implements AutoCloseable {
  static final int MAX_READERS = 64;

  private static final int BUFFER = 64 * 1024;

  private final JobView jobs;
  private final Function<String, LogFeed> feeds;
  private final Semaphore readers = new Semaphore(MAX_READERS);
  private volatile boolean closed;

  LogCalls(JobView jobs, Function<String, LogFeed> feeds) {
    this.jobs = jobs;
    this.feeds = feeds;
  }

  void logs(ServerRequest request, ServerResponse response) throws IOException, InterruptedException {
    boolean eventStream = request.headers().values(HeaderNames.ACCEPT).stream().anyMatch(accept -> accept.contains("text/event-stream"));
    LogQuery query = LogQuery.of(Query.of(request, LogQuery.PARAMETERS), eventStream);
    String id = request.path().pathParameters().get("id");
    asReader(id, query, () -> stream(id, query, response));
  }

  /// Writes the log to `sink`, and returns after its end.
  void lines(String id, LogQuery query, LogSink sink) throws IOException, InterruptedException {
    asReader(id, query, () -> {
      try {
        new LogStream(id, jobs, query, sink, () -> feeds.apply(id), () -> closed).run();
      } catch (KafkaException | IllegalStateException e) {
        throw unreadable(id, e).raise();
      }
    });
  }

  private interface Reading {
    void run() throws IOException, InterruptedException;
  }

  private void asReader(String id, LogQuery query, Reading reading) throws IOException, InterruptedException {
    Job job = jobs.known(id);
    if (query.attempt() != null && query.attempt() > job.getAttempt() && (JobView.isTerminal(job) || !query.follow())) {
      throw new Problem(404, "not-found", "Expected one of the " + job.getAttempt() + " attempts of job " + id + ", but found "
          + query.attempt() + ".").raise();
    }
    if (!readers.tryAcquire()) {
      throw new Problem(429, "too-many-readers", "Expected at most " + MAX_READERS
          + " readers of logs at once, but there are as many already; try again later.").raise();
    }
    try {
      reading.run();
    } finally {
      readers.release();
    }
  }

  private void stream(String id, LogQuery query, ServerResponse response) throws IOException, InterruptedException {
    response.header(HeaderNames.CONTENT_TYPE, switch (query.format()) {
      case TEXT -> "text/plain; charset=utf-8";
      case JSON -> "application/x-ndjson";
      case SSE -> "text/event-stream";
    });
    response.header(HeaderNames.CACHE_CONTROL, "no-store");
    OutputStream out = new BufferedOutputStream(response.outputStream(), BUFFER);
    LogSink sink = sink(query, out);
    try {
      new LogStream(id, jobs, query, sink, () -> feeds.apply(id), () -> closed).run();
    } catch (IOException | RuntimeException e) {
      if (response.bytesWritten() == 0 && (e instanceof KafkaException || e instanceof IllegalStateException)) {
        throw unreadable(id, e).raise();
      }
      // An orderly end of the body would tell the reader that the log is whole.
      throw new CloseConnectionException("Expected to write the log of job " + id + " to its end, but: " + e.getMessage(), e);
    }
    out.close();
  }

  private static Problem unreadable(String id, Exception cause) {
    return new Problem(503, "service-down", "Expected to read the log of job " + id + ", but: " + cause.getMessage() + "; try again.");
  }

  /// Helidon sends the headers of an answer with its first byte; a follower gets one at once, where the format has a way.
  private static LogSink sink(LogQuery query, OutputStream out) throws IOException {
    if (query.format() == LogQuery.Format.TEXT) {
      return new TextLogSink(out);
    }
    JsonLogSink sink = new JsonLogSink(out, query.format() == LogQuery.Format.SSE);
    if (query.follow()) {
      sink.alive();
    }
    return sink;
  }

  /// Whether job-api stops, which ends all who follow something.
  boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
  }
}
