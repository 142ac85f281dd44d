package io.hodei.cli;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Starts a Hodei on this machine for `run` when none is there.
final class AutoStart {
  private AutoStart() {}

  /// The calls of a Hodei that is there, or that was started now.
  static Api ensure(Call call) throws IOException {
    Server server = call.api().server();
    if (server.given() || server.recorded()) {
      return call.api();
    }
    String script = call.world().script();
    if (script == null) {
      throw server.nobodyThere();
    }
    call.tell(NobodyThere.sentence(server.data(), "starting one: " + script + " up --detach"));
    int code = up(script, server);
    if (code != 0) {
      throw Failure.failed("Expected " + script + " up --detach to start a Hodei, but it ended with exit code " + code + "; see what it said above");
    }
    Api api = call.freshApi();
    if (!api.server().recorded()) {
      throw Failure.failed("Expected a Hodei in " + server.data() + " after up --detach, but it recorded none; see ./hodei status");
    }
    return api;
  }

  /// All that it prints goes to stderr: stdout is the job's.
  private static int up(String script, Server server) throws IOException {
    List<String> words = new ArrayList<>(List.of("sh", "-c", "exec \"$0\" \"$@\" >&2", script, "up", "--detach", "--data", server.data().toString()));
    Process process = new ProcessBuilder(words).inheritIO().redirectInput(new File("/dev/null")).start();
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(Failure.CANCELLED, "Interrupted");
    }
  }
}
