package io.hodei.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Locale;

/// Tells on a terminal how far a job is, until it prints something itself. A thread of its own, which ends with the program;
/// what goes wrong here is told by the main thread.
final class Progress {
  private static final long FIRST_LOOK_MS = 300;
  private static final long LOOK_MS = 250;

  private final Call call;
  private final Api api;
  private final String jobId;
  private final JobOutput output;
  private final Thread thread;

  private Progress(Call call, Api api, String jobId, JobOutput output) {
    this.call = call;
    this.api = api;
    this.jobId = jobId;
    this.output = output;
    this.thread = Thread.ofPlatform().daemon().name("progress").unstarted(this::tell);
  }

  static Progress start(Call call, Api api, String jobId, JobOutput output) {
    Progress progress = new Progress(call, api, jobId, output);
    progress.thread.start();
    return progress;
  }

  void stop() {
    thread.interrupt();
  }

  private void tell() {
    String told = "";
    try {
      Thread.sleep(FIRST_LOOK_MS);
      while (!output.hasBegun()) {
        JsonNode why = api.get("/v1/jobs/" + Api.escape(jobId) + "/why").json();
        if (Ending.isTerminal(why) || Thread.interrupted() || output.hasBegun()) {
          return;
        }
        String words = words(why);
        if (!words.equals(told)) {
          call.tell(words);
          told = words;
        }
        Thread.sleep(LOOK_MS);
      }
    } catch (InterruptedException | IOException | Failure e) {
      return;
    }
  }

  /// `queued, position 3`, `scheduled`, `running`.
  static String words(JsonNode why) {
    String state = why.path("state").asText();
    if (!state.equals("PENDING")) {
      return state.toLowerCase(Locale.ROOT);
    }
    return why.hasNonNull("queuePosition") ? "queued, position " + why.path("queuePosition").asInt()
        : "queued, waiting for " + why.path("waitingFor").asText("a worker");
  }
}
