package io.hodei.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// `hodei submit`: the jobs of a file, in its order. More than one call takes are sent in several, each all or nothing.
final class SubmitVerb {
  private static final int MAX_JOBS = 1_000;
  private static final int MAX_BYTES = 7 * 1024 * 1024;

  private SubmitVerb() {}

  static int run(Call call) throws IOException {
    String file = call.operand();
    List<JsonNode> jobs = JobFile.read("job", file, JobFile.bytes(call, file));
    String given = call.text("--idempotency-key");
    String key = given == null ? Submission.newKey() : given;
    if (jobs.size() == 1) {
      Api.Answer answer = Submission.send(call.api(), "/v1/jobs", jobs.getFirst(), key);
      accepted(call, List.of(answer.json()));
      if (call.json()) {
        call.pass(answer.body());
      }
      return 0;
    }
    many(call, batches(jobs), key);
    return 0;
  }

  private static void many(Call call, List<ArrayNode> batches, String key) throws IOException {
    ArrayNode all = Json.MAPPER.createArrayNode();
    try {
      for (int i = 0; i < batches.size(); i++) {
        JsonNode items = Submission.send(call.api(), "/v1/jobs", batches.get(i), i == 0 ? key : key + "-" + (i + 1)).json().path("items");
        List<JsonNode> jobs = new ArrayList<>();
        items.forEach(jobs::add);
        all.addAll(jobs);
        accepted(call, jobs);
      }
    } catch (Failure e) {
      if (all.isEmpty()) {
        throw e;
      }
      throw new Failure(e.exitCode(), e.getMessage() + "\n" + all.size() + " jobs before these were accepted");
    } finally {
      if (call.json() && !all.isEmpty()) {
        call.pass(Json.bytes(Json.object().set("items", all)));
      }
    }
  }

  private static void accepted(Call call, List<JsonNode> jobs) throws IOException {
    StringBuilder ids = new StringBuilder();
    jobs.forEach(job -> ids.append(ids.isEmpty() ? "" : "\n").append(job.path("id").asText()));
    call.ids().remember(jobs.getLast().path("id").asText());
    if (!call.json()) {
      call.say(ids.toString());
    }
  }

  static List<ArrayNode> batches(List<JsonNode> jobs) {
    List<ArrayNode> batches = new ArrayList<>();
    int bytes = 0;
    for (JsonNode job : jobs) {
      int size = Json.bytes(job).length + 1;
      if (batches.isEmpty() || batches.getLast().size() == MAX_JOBS || bytes + size > MAX_BYTES) {
        batches.add(Json.MAPPER.createArrayNode());
        bytes = 0;
      }
      batches.getLast().add(job);
      bytes += size;
    }
    return batches;
  }
}
