package io.hodei.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Writes a job's log to its end. After a cut (a restart of job-api) it goes on behind the last line it wrote: nothing is
/// written twice, nothing is left out. Used by one thread.
final class LogFollower {
  /// How long the server may be away.
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final int SILENCE_MS = 60_000;

  private final Api api;
  private final String jobId;
  private final JobOutput output;
  private int attempt;
  private long seq;
  private long firstAttemptSeq;

  LogFollower(Api api, String jobId, JobOutput output) {
    this.api = api;
    this.jobId = jobId;
    this.output = output;
  }

  /// Returns when the end has come.
  ///
  /// @throws JobOutput.Closed when nobody reads what is written
  LogPiece.End follow() throws JobOutput.Closed {
    Patience patience = new Patience(PATIENCE);
    while (true) {
      try {
        return read(patience);
      } catch (JobOutput.Closed e) {
        throw e;
      } catch (IOException e) {
        patience.lost(api.unreachable(e));
      } catch (Unreachable e) {
        patience.lost(e);
      } catch (Refused e) {
        if (!e.isTransient() && e.status() != 500) {
          throw e;
        }
        patience.lost(e);
      }
    }
  }

  private LogPiece.End read(Patience patience) throws IOException {
    try (LogReader log = new LogReader(new FlushBeforeRead(api.stream(path(), SILENCE_MS), output))) {
      patience.found();
      while (true) {
        LogPiece piece = log.next();
        patience.found();
        switch (piece) {
          case LogPiece.Entry entry -> write(entry);
          case LogPiece.End end -> {
            output.flush();
            return end;
          }
        }
      }
    }
  }

  private void write(LogPiece.Entry entry) throws JobOutput.Closed {
    if (entry.attempt() > attempt || entry.attempt() == attempt && entry.seq() > seq) {
      attempt = entry.attempt();
      seq = entry.seq();
      firstAttemptSeq = attempt == 1 ? seq : firstAttemptSeq;
      output.write(entry);
    }
  }

  /// `from` counts in attempt 1 only: what comes again of the others is dropped here.
  private String path() {
    @Nullable Long from = firstAttemptSeq == 0 ? null : firstAttemptSeq + 1;
    return new Query("/v1/jobs/" + Api.escape(jobId) + "/logs").with("follow", true).with("format", "json").with("from", from).toString();
  }

  /// What to tell when lines are missing; null when the log is whole.
  static @Nullable String warning(String jobId, LogPiece.End end) {
    if (end.complete()) {
      return null;
    }
    StringBuilder gaps = new StringBuilder();
    for (JsonNode gap : end.missing()) {
      gaps.append(gaps.isEmpty() ? "" : ", ").append(gap.path(0).asLong()).append('-').append(gap.path(1).asLong());
    }
    return "Warning: the log of job " + jobId + " is incomplete"
        + (gaps.isEmpty() ? ": its worker was lost before it had sent everything" : "; missing lines: " + gaps);
  }
}
