package io.hodei.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;

/// `hodei audit`: events from the audit, oldest first.
final class AuditVerb {
  private AuditVerb() {}

  static int run(Call call) throws IOException {
    Instant now = Instant.now();
    String job = call.text("--job");
    Query query = new Query("/v1/audit/events").with("correlationId", call.text("--correlation")).with("type", call.text("--type"))
        .with("actor", call.text("--actor")).with("jobId", job == null ? null : call.ids().resolve(job)).with("workerId", call.text("--worker"))
        .with("from", Times.point("--since", call.text("--since"), now)).with("to", Times.point("--until", call.text("--until"), now))
        .with("limit", call.limit()).with("cursor", call.text("--cursor"));
    Api.Answer answer = call.api().get(query.toString());
    if (call.json()) {
      call.pass(answer.body());
      return 0;
    }
    Table table = new Table(call.world().colours(), "AT", "EVENT", "JOB", "WORKER", "ACTOR", "REASON", "CORRELATION");
    for (JsonNode event : answer.json().path("items")) {
      table.row(Json.text(event, "occurredAt"), Json.text(event, "type"), Json.text(event, "jobId"), Json.text(event, "workerId"),
          Json.text(event, "actor"), Json.text(event, "reason"), Json.text(event, "correlationId"));
    }
    call.say(table.isEmpty() ? "no events" : table.toString());
    if (answer.json().hasNonNull("nextCursor")) {
      call.tell("more: add --cursor " + answer.json().path("nextCursor").asText());
    }
    return 0;
  }
}
