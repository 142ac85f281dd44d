package io.hodei.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// `hodei run`: a job that behaves as a program started here. Its bytes are ours, its exit code is ours, our signals cancel it.
final class RunVerb {
  private RunVerb() {}

  static int run(Call call) throws IOException {
    boolean detach = call.flag("--detach");
    if (call.json() && !detach) {
      throw Failure.usage("Expected -o json together with --detach, as run prints what the job prints, but found it alone");
    }
    ObjectNode request = JobRequest.of(call, call.api().server());
    Api api = AutoStart.ensure(call);
    String pool = request.path("pool").asText("default");
    String given = call.text("--workdir");
    if (request.has("workdir") && (given == null || !Path.of(given).isAbsolute()) && isElsewhere(api, pool)) {
      if (given != null) {
        throw Failure.usage("Expected an absolute --workdir for pool " + pool + ", whose workers do not see the directories of this machine, but found \"" + given + "\"");
      }
      request.remove("workdir");
    }
    return detach ? detached(call, api, request) : attached(call, api, request);
  }

  /// Whether this pool's workers, being containers or pods, do not see our files.
  private static boolean isElsewhere(Api api, String pool) {
    try {
      JsonNode providers = api.get("/v1/pools/" + Api.escape(pool)).json().path("providers");
      return !providers.isEmpty() && providers.valueStream().noneMatch(each -> each.asText().equals("process"));
    } catch (Failure e) {
      // Who cannot say that will say what is wrong with the job, or take it when it is back.
      return false;
    }
  }

  private static int detached(Call call, Api api, ObjectNode request) throws IOException {
    Api.Answer answer = Submission.send(api, "/v1/jobs", request, key(call));
    String id = answer.json().path("id").asText();
    call.ids().remember(id);
    if (call.json()) {
      call.pass(answer.body());
    } else {
      call.say(id);
    }
    return 0;
  }

  private static int attached(Call call, Api api, ObjectNode request) throws IOException {
    Interruption interruption = Interruption.arm(call, api);
    int code = Failure.FAILED;
    try {
      String id = Submission.send(api, "/v1/jobs", request, key(call)).json().path("id").asText();
      interruption.submitted(id);
      call.ids().remember(id);
      code = new Attachment(call, api, id).follow();
      return code;
    } catch (Failure e) {
      code = e.exitCode();
      throw e;
    } finally {
      interruption.finished(code);
    }
  }

  /// With an id of the caller's, that makes the repetition safe.
  private static @Nullable String key(Call call) {
    String given = call.text("--idempotency-key");
    return given != null || call.text("--id") != null ? given : Submission.newKey();
  }
}
