package io.hodei.providers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives commands their worker's limit mark, where this host can do that. Where it cannot, one WARN tells of it and
/// commands stay as they are: the other marks remain. Any thread; the first call tries it out.
final class LimitMarking {
  static final String PRLIMIT = "prlimit";

  private static final Logger LOG = LoggerFactory.getLogger(LimitMarking.class);

  private final String program;
  private @Nullable Boolean works;

  /// `program`: prlimit(1), a name on the PATH or a path.
  LimitMarking(String program) {
    this.program = program;
  }

  List<String> on(WorkerMark worker, List<String> command) {
    LimitMark mark = LimitMark.of(worker);
    return works(mark) ? marked(mark, command) : command;
  }

  /// prlimit executes the rest in its own process: at no moment does the command run without the mark. The hard limit
  /// stays, so that a Hodei which runs inside of a job can mark its own workers.
  private List<String> marked(LimitMark mark, List<String> command) {
    List<String> marked = new ArrayList<>(List.of(program, "--locks=" + mark.number() + ":"));
    marked.addAll(command);
    return marked;
  }

  private synchronized boolean works(LimitMark mark) {
    if (works == null) {
      String trouble = trouble(mark);
      works = trouble == null;
      if (trouble != null) {
        LOG.warn("Processes that escape from an agent killed with -9 may not be found: message={}", trouble);
      }
    }
    return works;
  }

  private @Nullable String trouble(LimitMark mark) {
    try {
      Process probe = new ProcessBuilder(marked(mark, List.of("cat", "/proc/self/limits"))).redirectErrorStream(true).start();
      byte[] said = probe.getInputStream().readAllBytes();
      return mark.equals(LimitMark.in(said, said.length)) ? null
          : "Expected " + program + " --locks to set a limit that /proc/PID/limits shows, but it did not; raise this service's hard limit of file locks";
    } catch (IOException e) {
      return "Expected prlimit(1), but: " + e.getMessage() + "; install util-linux";
    }
  }
}
