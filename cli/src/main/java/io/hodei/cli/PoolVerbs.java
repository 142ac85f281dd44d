package io.hodei.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The verbs of `hodei pools`.
final class PoolVerbs {
  private PoolVerbs() {}

  static int list(Call call) throws IOException {
    Api.Answer answer = call.api().get("/v1/pools");
    if (call.json()) {
      call.pass(answer.body());
      return 0;
    }
    Table table = new Table(call.world().colours(), "NAME", "PROVIDERS", "MODE", "STRATEGY", "MIN WARM", "MAX WORKERS", "GENERATION");
    for (JsonNode pool : answer.json().path("items")) {
      List<String> providers = new ArrayList<>();
      pool.path("providers").forEach(provider -> providers.add(provider.asText()));
      table.row(Json.text(pool, "name"), String.join(", ", providers), Json.text(pool, "mode"), Json.text(pool, "strategy"), Json.text(pool, "minWarm"),
          Json.text(pool, "maxWorkers"), Json.text(pool, "generation"));
    }
    call.say(table.isEmpty() ? "no pools" : table.toString());
    return 0;
  }

  static int get(Call call) throws IOException {
    Fields.show(call, call.api().get("/v1/pools/" + Api.escape(call.operand())));
    return 0;
  }
}
