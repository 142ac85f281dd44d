package io.hodei.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The verbs of `hodei jobs`.
final class JobVerbs {
  private static final int COMMAND_WIDTH = 60;

  private JobVerbs() {}

  static int list(Call call) throws IOException {
    Query query = new Query("/v1/jobs").with("state", call.texts("--state")).with("pool", call.text("--pool")).with("tenant", call.text("--tenant"))
        .with("label", call.texts("--label")).with("correlationId", call.text("--correlation")).with("limit", call.limit())
        .with("cursor", call.text("--cursor"));
    Api.Answer answer = call.api().get(query.toString());
    if (call.json()) {
      call.pass(answer.body());
      return 0;
    }
    Instant now = Instant.now();
    Table table = new Table(call.world().colours(), "ID", "STATE", "POOL", "ATTEMPT", "AGE", "RAN", "EXIT", "COMMAND");
    for (JsonNode job : answer.json().path("items")) {
      Duration ran = Ending.ran(job);
      table.row(Json.text(job, "id"), Json.text(job, "state"), Json.text(job, "pool"), Json.text(job, "attempt"),
          Times.age(Json.text(job, "submittedAt"), now), ran == null ? null : Times.span(ran), exit(job), title(job));
    }
    call.say(table.isEmpty() ? "no jobs" : table.toString());
    if (answer.json().hasNonNull("nextCursor")) {
      call.tell("more: add --cursor " + answer.json().path("nextCursor").asText());
    }
    return 0;
  }

  private static @Nullable String exit(JsonNode job) {
    return job.path("signal").asInt(0) > 0 ? "signal " + job.path("signal").asInt() : Json.text(job, "exitCode");
  }

  private static String title(JsonNode job) {
    String name = Json.text(job, "name");
    String script = Json.text(job, "script");
    List<String> words = new ArrayList<>();
    job.path("command").forEach(word -> words.add(word.asText()));
    String title = name != null ? name : script != null ? script.lines().findFirst().orElse("") : String.join(" ", words);
    int end = title.offsetByCodePoints(0, Math.min(COMMAND_WIDTH, title.codePointCount(0, title.length())));
    return end < title.length() ? title.substring(0, end) + "…" : title;
  }

  static int get(Call call) throws IOException {
    Api.Answer answer = call.api().get(path(call, ""));
    Fields.show(call, answer);
    return 0;
  }

  static int await(Call call) throws IOException {
    String id = call.ids().resolve(call.operand());
    String timeout = call.text("--timeout");
    JsonNode job = JobWait.untilTerminal(call.api(), id, timeout == null ? null : Times.duration("--timeout", timeout));
    if (call.json()) {
      call.pass(Json.bytes(job));
    }
    if (!Ending.isTerminal(job)) {
      throw new Failure(Failure.TIMED_OUT, "Expected job " + id + " to end within " + timeout + ", but it is " + job.path("state").asText()
          + "; hodei why " + id + " says why");
    }
    Ending ending = new Ending(job);
    if (!call.json()) {
      call.say(id + " " + ending.words());
    }
    return ending.exitCode();
  }

  static int cancel(Call call) throws IOException {
    Api.Answer answer = Submission.send(call.api(), path(call, "/cancel"), null, null);
    if (call.json()) {
      call.pass(answer.body());
    } else {
      JsonNode job = answer.json();
      call.say(job.path("id").asText() + " " + (Ending.isTerminal(job) ? new Ending(job).words() : "is being cancelled (" + job.path("state").asText() + ")"));
    }
    return 0;
  }

  static int retry(Call call) throws IOException {
    Api.Answer answer = Submission.send(call.api(), path(call, "/retry"), null, Submission.newKey());
    String id = answer.json().path("id").asText();
    call.ids().remember(id);
    if (call.json()) {
      call.pass(answer.body());
    } else {
      call.say(id);
    }
    return 0;
  }

  static int events(Call call) throws IOException {
    Api.Answer answer = call.api().get(path(call, "/events"));
    if (call.json()) {
      call.pass(answer.body());
      return 0;
    }
    Table table = new Table(call.world().colours(), "AT", "EVENT", "STATE", "ATTEMPT", "WORKER", "REASON", "ACTOR", "MESSAGE");
    for (JsonNode event : answer.json().path("items")) {
      String at = Json.text(event, "occurredAt");
      table.row(at == null ? Json.text(event, "at") : at, Json.text(event, "type"), Json.text(event, "toState"), Json.text(event, "attempt"),
          Json.text(event, "workerId"), Json.text(event, "reason"), Json.text(event, "actor"), Json.text(event, "message"));
    }
    call.say(table.isEmpty() ? "no events" : table.toString());
    return 0;
  }

  static int why(Call call) throws IOException {
    String id = call.ids().resolve(call.operand());
    Api.Answer answer = call.api().get("/v1/jobs/" + Api.escape(id) + "/why");
    if (call.json()) {
      call.pass(answer.body());
    } else {
      call.say(WhyText.of(id, answer.json(), Instant.now()));
    }
    return 0;
  }

  private static String path(Call call, String rest) {
    return "/v1/jobs/" + Api.escape(call.ids().resolve(call.operand())) + rest;
  }
}
