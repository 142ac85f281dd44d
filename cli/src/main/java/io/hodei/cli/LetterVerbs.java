package io.hodei.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The verbs of `hodei dlq`: records that could not be read.
final class LetterVerbs {
  private static final int REASON_WIDTH = 100;

  private LetterVerbs() {}

  static int list(Call call) throws IOException {
    Query query = new Query("/v1/dead-letters").with("topic", call.text("--topic")).with("limit", call.limit())
        .with("cursor", call.text("--cursor"));
    Api.Answer answer = call.api().get(query.toString());
    if (call.json()) {
      call.pass(answer.body());
      return 0;
    }
    Instant now = Instant.now();
    Table table = new Table(call.world().colours(), "ID", "AGE", "FROM", "SIZE", "REPLAYABLE", "REASON");
    for (JsonNode letter : answer.json().path("items")) {
      table.row(Json.text(letter, "id"), Times.age(Json.text(letter, "at"), now), Json.text(letter, "service"), Json.text(letter, "size"),
          letter.path("replayable").asBoolean() ? "yes" : "no", shortened(Json.text(letter, "reason")));
    }
    call.say(table.isEmpty() ? "no dead letters" : table.toString());
    if (answer.json().hasNonNull("nextCursor")) {
      call.tell("more: add --cursor " + answer.json().path("nextCursor").asText());
    } else if (answer.json().path("olderOmitted").asBoolean()) {
      call.tell("older dead letters are on the topic and not shown");
    }
    return 0;
  }

  static int show(Call call) throws IOException {
    Fields.show(call, call.api().get(path(call)));
    return 0;
  }

  /// Not repeated when its answer is lost: the letter may be gone because of it.
  static int replay(Call call) throws IOException {
    Api.Answer answer = call.api().post(path(call) + "/replay", null, Map.of());
    if (call.json()) {
      call.pass(answer.body());
      return 0;
    }
    JsonNode done = answer.json();
    String job = Json.text(done, "jobId");
    call.say(done.path("id").asText() + " is replayed as " + done.path("replayedAs").asText()
        + (job == null ? "; it is still no valid request: see ./hodei dlq and ./hodei audit --type JobRejected" : ", job " + job));
    return 0;
  }

  static int drop(Call call) throws IOException {
    Api.Answer answer = call.api().call("DELETE", path(call), null, Map.of());
    if (call.json()) {
      call.pass(answer.body());
    } else {
      call.say(answer.json().path("id").asText() + " is dropped");
    }
    return 0;
  }

  private static String path(Call call) {
    return "/v1/dead-letters/" + Api.escape(call.operand());
  }

  private static @Nullable String shortened(@Nullable String reason) {
    return reason == null || reason.length() <= REASON_WIDTH ? reason : reason.substring(0, REASON_WIDTH) + "…";
  }
}
