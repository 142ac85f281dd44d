package io.hodei.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The verbs of `hodei workers`.
final class WorkerVerbs {
  private static final int FULL_ID = 36;

  private WorkerVerbs() {}

  static int list(Call call) throws IOException {
    String job = call.text("--job");
    Query query = new Query("/v1/workers").with("state", call.texts("--state")).with("pool", call.text("--pool"))
        .with("provider", call.text("--provider")).with("jobId", job == null ? null : call.ids().resolve(job))
        .with("limit", call.limit()).with("cursor", call.text("--cursor"));
    Api.Answer answer = call.api().get(query.toString());
    if (call.json()) {
      call.pass(answer.body());
      return 0;
    }
    Instant now = Instant.now();
    Table table = new Table(call.world().colours(), "ID", "STATE", "POOL", "PROVIDER", "MODE", "JOB", "AGE", "DESTROYED BY", "GONE IN");
    for (JsonNode worker : answer.json().path("items")) {
      String gone = Json.text(worker, "finishedToDestroyedMs");
      table.row(Json.text(worker, "id"), Json.text(worker, "state"), Json.text(worker, "pool"), Json.text(worker, "provider"), Json.text(worker, "mode"),
          Json.text(worker, "jobId"), Times.age(Json.text(worker, "createdAt"), now), Json.text(worker, "destroyedBy"), gone == null ? null : gone + " ms");
    }
    call.say(table.isEmpty() ? "no workers" : table.toString());
    if (answer.json().hasNonNull("nextCursor")) {
      call.tell("more: add --cursor " + answer.json().path("nextCursor").asText());
    }
    return 0;
  }

  static int get(Call call) throws IOException {
    Fields.show(call, call.api().get("/v1/workers/" + id(call)));
    return 0;
  }

  static int drain(Call call) throws IOException {
    return ask(call, "drain", "is being drained");
  }

  static int destroy(Call call) throws IOException {
    return ask(call, "destroy", "is being destroyed");
  }

  private static int ask(Call call, String what, String done) throws IOException {
    Api.Answer answer = Submission.send(call.api(), "/v1/workers/" + id(call) + "/" + what, null, null);
    if (call.json()) {
      call.pass(answer.body());
    } else {
      call.say(answer.json().path("id").asText() + " " + done);
    }
    return 0;
  }

  static int stats(Call call) throws IOException {
    Api.Answer answer = call.api().get("/v1/workers/stats");
    if (call.json()) {
      call.pass(answer.body());
      return 0;
    }
    JsonNode stats = answer.json();
    Table table = new Table(call.world().colours(), "BY", "VALUE", "WORKERS");
    table.row("all", "", stats.path("total").asLong());
    for (String by : new String[] {"state", "pool", "provider"}) {
      String field = "by" + Character.toUpperCase(by.charAt(0)) + by.substring(1);
      for (Map.Entry<String, JsonNode> each : stats.path(field).properties()) {
        table.row(by, each.getKey(), each.getValue().asLong());
      }
    }
    call.say(table.toString());
    return 0;
  }

  /// The id that the word means, escaped.
  private static String id(Call call) {
    String word = call.operand();
    if (word.length() == FULL_ID) {
      return Api.escape(word);
    }
    List<String> found = new ArrayList<>();
    String cursor = null;
    do {
      JsonNode page = call.api().get(new Query("/v1/workers").with("cursor", cursor).toString()).json();
      for (JsonNode worker : page.path("items")) {
        String id = worker.path("id").asText();
        if (id.equals(word)) {
          return Api.escape(word);
        }
        if (id.startsWith(word)) {
          found.add(id);
        }
      }
      cursor = Json.text(page, "nextCursor");
    } while (cursor != null);
    if (found.size() > 1) {
      throw Failure.usage("Expected the beginning of one worker's id, but \"" + word + "\" begins " + found.size() + ", such as " + found.getFirst()
          + " and " + found.get(1) + "; give more of it");
    }
    if (found.isEmpty()) {
      throw Failure.failed("Expected a worker whose id is or begins with \"" + word + "\", but found none; see ./hodei workers");
    }
    return Api.escape(found.getFirst());
  }
}
