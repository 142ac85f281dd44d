package io.hodei.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;

/// `hodei logs`: the log on stdout in the order in which it was written, stderr's lines too. What is missing of it is told on stderr.
final class LogVerb {
  private static final int SILENCE_MS = 60_000;
  private static final String[] FILTERS = {"stream", "attempt", "from", "limit", "search"};

  private LogVerb() {}

  static int run(Call call) throws IOException {
    String id = call.ids().resolve(call.operand());
    boolean plain = true;
    for (String filter : FILTERS) {
      plain &= call.text("--" + filter) == null;
    }
    if (call.flag("--follow") && plain && !call.json()) {
      return follow(call, id);
    }
    Query query = new Query("/v1/jobs/" + Api.escape(id) + "/logs").with("format", "json").with("follow", call.flag("--follow") ? true : null);
    for (String filter : FILTERS) {
      query.with(filter, call.text("--" + filter));
    }
    return call.json() ? pass(call, query) : print(call, id, query);
  }

  private static int follow(Call call, String id) throws IOException {
    LogPiece.End end = new LogFollower(call.api(), id, new JobOutput(call.world().out(), call.world().out())).follow();
    warn(call, id, end);
    return 0;
  }

  private static int print(Call call, String id, Query query) throws IOException {
    JobOutput output = new JobOutput(call.world().out(), call.world().out());
    try (LogReader log = new LogReader(new FlushBeforeRead(call.api().stream(query.toString(), SILENCE_MS), output))) {
      while (true) {
        switch (log.next()) {
          case LogPiece.Entry entry -> output.write(entry);
          case LogPiece.End end -> {
            output.flush();
            warn(call, id, end);
            return 0;
          }
        }
      }
    } catch (JobOutput.Closed e) {
      return Failure.BROKEN_PIPE;
    } catch (IOException e) {
      output.flush();
      throw Failure.failed("Expected the log of job " + id + " to its end, but: " + e.getMessage() + "; ask again");
    }
  }

  private static int pass(Call call, Query query) throws IOException {
    try (InputStream in = call.api().stream(query.toString(), SILENCE_MS)) {
      byte[] buffer = new byte[64 * 1024];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        call.world().out().write(buffer, 0, count);
      }
      return 0;
    }
  }

  /// Of a job that never started there is no log, and that of one that still runs is not incomplete, only not over.
  private static void warn(Call call, String id, LogPiece.End end) throws IOException {
    String warning = LogFollower.warning(id, end);
    if (warning == null) {
      return;
    }
    JsonNode job = call.api().get("/v1/jobs/" + Api.escape(id)).json();
    if (job.hasNonNull("startedAt") && (!end.missing().isEmpty() || Ending.isTerminal(job))) {
      call.tell(warning);
    }
  }
}
