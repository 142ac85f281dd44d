package io.hodei.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Map;

/// `hodei gc run`.
final class GcVerb {
  private GcVerb() {}

  static int run(Call call) throws IOException {
    Api.Answer answer = call.api().post("/v1/gc/runs", null, Map.of());
    if (call.json()) {
      call.pass(answer.body());
    } else {
      call.say(text(answer.json(), call.world().colours()));
    }
    return 0;
  }

  static String text(JsonNode cycle, boolean colours) {
    StringBuilder text = new StringBuilder("GC cycle in " + cycle.path("durationMs").asLong() + " ms: " + cycle.path("inventory").asLong() + " items, "
        + cycle.path("matched").asLong() + " matched, " + cycle.path("cleaned").asLong() + " cleaned, " + cycle.path("orphans").asLong() + " orphans, "
        + cycle.path("ghosts").asLong() + " ghosts, " + cycle.path("errors").asLong() + " errors");
    if (cycle.path("findings").isEmpty()) {
      return text.append("\nno findings").toString();
    }
    Table table = new Table(colours, "FINDING", "WORKER", "PROVIDER", "DETAIL");
    cycle.path("findings").forEach(each -> table.row(Json.text(each, "kind"), Json.text(each, "workerId"), Json.text(each, "providerId"), Json.text(each, "detail")));
    text.append('\n').append(table);
    long more = cycle.path("findingsLeftOut").asLong(0);
    return more == 0 ? text.toString() : text.append("\n… and ").append(more).append(" more").toString();
  }
}
