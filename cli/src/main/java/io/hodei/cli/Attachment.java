package io.hodei.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Stays with one job until its end: writes its output, tells on a terminal how it goes, knows its exit code. Wherever stderr
/// leads, it tells why there is no exit code of the job's, and that its log is incomplete. The main thread's.
final class Attachment {
  private static final Duration GONE_PATIENCE = Duration.ofSeconds(1);
  private static final long GONE_PAUSE_MS = 40;

  private final Call call;
  private final Api api;
  private final String jobId;
  private final boolean talks;

  Attachment(Call call, Api api, String jobId) {
    this.call = call;
    this.api = api;
    this.jobId = jobId;
    this.talks = call.world().errIsTerminal();
  }

  /// The exit code.
  int follow() throws IOException {
    JobOutput output = new JobOutput(call.world().out(), call.world().err());
    LogPiece.End end;
    @Nullable Progress progress = talks ? Progress.start(call, api, jobId, output) : null;
    try {
      end = new LogFollower(api, jobId, output).follow();
    } catch (JobOutput.Closed e) {
      Submission.send(api, "/v1/jobs/" + Api.escape(jobId) + "/cancel", null, null);
      return Failure.BROKEN_PIPE;
    } finally {
      if (progress != null) {
        progress.stop();
      }
    }
    JsonNode job = JobWait.untilTerminal(api, jobId, null);
    tell(new Ending(job), end, output);
    return new Ending(job).exitCode();
  }

  private void tell(Ending ending, LogPiece.End end, JobOutput output) throws IOException {
    if (talks) {
      call.tell((output.isAtLineStart() ? "" : "\n") + ending.words() + gone(ending.job()));
    }
    String trouble = ending.trouble();
    if (trouble != null && (talks || ending.isWithoutCode())) {
      call.tell(trouble);
    }
    String warning = LogFollower.warning(jobId, end);
    if (warning != null && ending.job().hasNonNull("startedAt")) {
      call.tell(warning);
    }
  }

  /// ` · worker gone in 85 ms`, when that is known within a second.
  private String gone(JsonNode job) {
    String worker = Json.text(job, "workerId");
    long deadline = System.nanoTime() + GONE_PATIENCE.toNanos();
    while (worker != null && System.nanoTime() < deadline) {
      try {
        JsonNode found = api.get("/v1/workers/" + Api.escape(worker)).json();
        if (found.hasNonNull("finishedToDestroyedMs")) {
          return " · worker gone in " + found.path("finishedToDestroyedMs").asLong() + " ms";
        }
      } catch (Failure e) {
        return "";
      }
      Patience.pause(GONE_PAUSE_MS);
    }
    return "";
  }
}
