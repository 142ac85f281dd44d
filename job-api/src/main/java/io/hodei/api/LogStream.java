package io.hodei.api;

import io.hodei.schemas.Job;
import io.hodei.schemas.LogBatch;
import io.hodei.schemas.LogEntry;
import io.hodei.schemas.LogRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Writes one job's log to a sink, attempt by attempt: what an ended attempt's logRef points to, and, for a follower, what a
/// running one adds, until the job is terminal. Runs on the call's thread.
final class LogStream {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration EARLIER = Duration.ofSeconds(1);
  private static final Duration LATER = Duration.ofSeconds(5);
  private static final Duration STUCK = Duration.ofSeconds(30);

  private final String jobId;
  private final JobView jobs;
  private final LogQuery query;
  private final LogSink sink;
  private final Supplier<LogFeed> feeds;
  private final BooleanSupplier stopping;
  private final List<List<Long>> missing = new ArrayList<>();
  private @Nullable LogFeed feed;
  private long lines;
  private boolean complete = true;
  private long shown;
  private int attempt;

  LogStream(String jobId, JobView jobs, LogQuery query, LogSink sink, Supplier<LogFeed> feeds, BooleanSupplier stopping) {
    this.jobId = jobId;
    this.jobs = jobs;
    this.query = query;
    this.sink = sink;
    this.feeds = feeds;
    this.stopping = stopping;
  }

  /// Returns when the end has been written.
  void run() throws IOException, InterruptedException {
    int only = query.attempt() == null ? 0 : query.attempt();
    try (Watchers.Watch watch = jobs.watch(jobId)) {
      for (attempt = Math.max(1, only); awaitReadable(watch); attempt++) {
        LogSummary summary = read();
        lines += summary.lines();
        complete &= summary.complete();
        missing.addAll(summary.missing());
        if (summary.nextFrom() != null) {
          sink.end(new LogSummary(lines, complete, missing, attempt, summary.nextFrom()));
          sink.flush();
          return;
        }
        if (only != 0) {
          break;
        }
      }
      boolean ended = only == 0 ? JobView.isTerminal(job()) : ref() != null || JobView.isTerminal(job());
      sink.end(new LogSummary(lines, complete && ended, missing, null, null));
      sink.flush();
    } finally {
      if (feed != null) {
        feed.close();
      }
    }
  }

  /// Waits, when following, until the attempt runs or has ended; false when there is none (any more).
  private boolean awaitReadable(Watchers.Watch watch) throws IOException, InterruptedException {
    while (true) {
      Job job = job();
      if (ref() != null || runs(job)) {
        return true;
      }
      if (!query.follow() || JobView.isTerminal(job)) {
        return false;
      }
      if (query.attempt() == null && job.getAttempt() > attempt) {
        attempt++;
        continue;
      }
      checkNotStopping();
      sink.quiet();
      watch.await(Duration.ofSeconds(1));
    }
  }

  private LogSummary read() throws IOException {
    LogTally tally = new LogTally(attempt);
    LogRef ref = ref();
    if (ref != null && !isThere(ref)) {
      return tally.summary(ref);
    }
    LogFeed from = feed();
    if (ref != null && ref.getFirstOffset() >= 0) {
      from.seek(ref.getFirstOffset());
    } else {
      from.seek(from.offsetAt(startOf(ref).minus(EARLIER)));
    }
    long stop = ref != null || !query.follow() ? stopAt(ref, from) : Long.MAX_VALUE;
    long lastProgress = System.nanoTime();
    while (!tally.isEnded() && from.position() < stop) {
      long before = from.position();
      List<LogBatch> batches = from.poll(POLL);
      for (LogBatch batch : batches) {
        Long cutAt = write(batch, tally);
        if (cutAt != null) {
          return tally.soFar(ref, attempt, cutAt);
        }
      }
      if (batches.isEmpty()) {
        sink.quiet();
      } else {
        sink.flush();
      }
      if (stop == Long.MAX_VALUE && (ref() != null || JobView.isTerminal(job()))) {
        ref = ref();
        stop = stopAt(ref, from);
      }
      lastProgress = from.position() > before ? System.nanoTime() : lastProgress;
      checkNotStopping();
      checkProgress(stop, lastProgress);
    }
    return tally.summary(ref());
  }

  /// Writes what the query asks for; returns the number of the first line beyond the limit, null when there is none.
  private @Nullable Long write(LogBatch batch, LogTally tally) throws IOException {
    if (!tally.takes(batch)) {
      return null;
    }
    for (LogEntry entry : batch.getEntries()) {
      if (tally.isNew(entry) && wanted(entry)) {
        if (shown == query.limit()) {
          return entry.getSeq();
        }
        shown++;
        sink.entry(attempt, entry);
      }
    }
    tally.finish(batch);
    return null;
  }

  private boolean wanted(LogEntry entry) {
    boolean firstShown = attempt == 1 || query.attempt() != null;
    return (!firstShown || entry.getSeq() >= query.from())
        && (query.stream() == null || query.stream().equals(entry.getStream()))
        && (query.search() == null || StandardCharsets.UTF_8.decode(entry.getData().duplicate()).toString().contains(query.search()));
  }

  /// Whether anything was logged that can be found.
  private static boolean isThere(LogRef ref) {
    return ref.getFirstOffset() >= 0 || ref.getStartedAt() != null && ref.getLines() != 0;
  }

  /// The offset after the attempt's last batch. What belongs to an ended attempt is there before its logRef is.
  private static long stopAt(@Nullable LogRef ref, LogFeed feed) {
    if (ref != null && ref.getLastOffset() >= 0) {
      return ref.getLastOffset() + 1;
    }
    return ref != null && ref.getEndedAt() != null ? feed.offsetAt(ref.getEndedAt().plus(LATER)) : feed.end();
  }

  private Instant startOf(@Nullable LogRef ref) {
    Job job = job();
    Instant start = ref != null ? ref.getStartedAt() : job.getAssignedAt() != null ? job.getAssignedAt() : job.getStartedAt();
    Instant submitted = job.getSubmittedAt() == null ? Instant.EPOCH : job.getSubmittedAt();
    return start == null ? submitted : start;
  }

  private boolean runs(Job job) {
    return job.getAttempt() == attempt && job.getState().equals("RUNNING");
  }

  private @Nullable LogRef ref() {
    for (LogRef ref : job().getLogRef()) {
      if (ref.getAttempt() == attempt) {
        return ref;
      }
    }
    return null;
  }

  private Job job() {
    Job job = jobs.get(jobId);
    if (job == null) {
      throw new IllegalStateException("Expected job " + jobId + " to be known while its log is read, but it was forgotten.");
    }
    return job;
  }

  private LogFeed feed() {
    LogFeed open = feed;
    if (open == null) {
      open = feeds.get();
      feed = open;
    }
    return open;
  }

  private void checkNotStopping() {
    if (stopping.getAsBoolean()) {
      throw new IllegalStateException("Expected to follow the log of job " + jobId + " to its end, but job-api stops; follow it again.");
    }
  }

  private void checkProgress(long stop, long lastProgressNanos) {
    if (stop != Long.MAX_VALUE && System.nanoTime() - lastProgressNanos > STUCK.toNanos()) {
      throw new IllegalStateException("Expected Kafka to give the log of job " + jobId + ", but nothing came for " + STUCK.toSeconds() + " s.");
    }
  }
}
