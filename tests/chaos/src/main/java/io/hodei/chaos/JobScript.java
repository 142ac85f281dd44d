package io.hodei.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Requests for planned jobs. Each job writes signs of life to a file of the run, and numbers its lines.
final class JobScript {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Path functions;
  private final String prefix;

  /// `work`: where the marks go; `prefix`: what ids and keys of the run begin with.
  JobScript(Path work, String prefix) throws IOException {
    this.functions = work.resolve("mark.sh");
    this.prefix = prefix;
    Files.createFile(work.resolve("marks"));
    Files.writeString(functions, "m() { echo \"$1 $HODEI_JOB_ID $HODEI_ATTEMPT $HODEI_WORKER_ID $(date +%s%N)\" >> '" + work.resolve("marks") + "'; }\n"
        + "l() { i=0; while [ $i -lt $1 ]; do i=$((i+1)); echo line $i; m alive; sleep 0.5; done; }\n");
  }

  String id(PlannedJob job) {
    return prefix + "-" + job.number();
  }

  String key(PlannedJob job) {
    return prefix + "-key-" + job.number();
  }

  /// The body of the request; a key goes into the header.
  String body(PlannedJob job) {
    ObjectNode body = MAPPER.createObjectNode();
    if (job.hasId()) {
      body.put("id", id(job));
    }
    body.putArray("command").add("sh").add("-c").add(". '" + functions + "'; m start; " + script(job));
    if (job.reused()) {
      body.put("pool", Chaos.REUSED);
    }
    body.putObject("retry").put("maxAttempts", job.maxAttempts()).put("backoff", "200ms");
    if (job.kind() == JobKind.TIMED_OUT) {
      body.put("timeout", "1500ms");
    }
    return body.toString();
  }

  private String script(PlannedJob job) {
    String lines = "seq -f 'line %.0f' 1 " + job.size() + "; m end; ";
    return switch (job.kind()) {
      case SHORT, NOISY -> lines + "exit 0";
      case FLAKY -> lines + "[ $HODEI_ATTEMPT -ge " + job.maxAttempts() + " ]";
      case FAILING -> lines + "exit 3";
      case LONG, CANCELLED_EARLY, CANCELLED_RUNNING, TIMED_OUT -> "l " + 2 * job.size() + "; m end";
      // What it leaves behind goes on writing, unless it is found and killed before attempt 2.
      case KILLS_ITS_AGENT -> "if [ $HODEI_ATTEMPT = 1 ]; then setsid sh -c \". '" + functions + "'; while :; do m alive; sleep 0.2; done\" & "
          + "sleep 0.5; kill -9 $PPID; sleep 30; fi; l " + 2 * job.size() + "; m end";
    };
  }
}
