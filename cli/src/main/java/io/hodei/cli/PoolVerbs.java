package io.hodei.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

  /// Each pool of the file in its order; the first that is refused ends it.
  static int apply(Call call) throws IOException {
    String file = call.text("--file");
    if (file == null) {
      throw Failure.usage("Expected hodei pools apply -f FILE, but found no -f");
    }
    List<JsonNode> pools = new ArrayList<>();
    for (JsonNode read : JobFile.read("pool", file, JobFile.bytes(call, file))) {
      // What hodei pools -o json shows may be applied again.
      if (read.path("items").isArray() && read.size() == 1) {
        read.path("items").forEach(pools::add);
      } else {
        pools.add(read);
      }
    }
    Set<String> names = new HashSet<>();
    for (int i = 0; i < pools.size(); i++) {
      if (!pools.get(i).path("name").isTextual()) {
        throw Failure.usage("Expected a name in each pool of " + file + ", but pool " + (i + 1) + " has none");
      }
      if (!names.add(pools.get(i).path("name").asText())) {
        throw Failure.usage("Expected each pool once in " + file + ", but found " + pools.get(i).path("name").asText() + " twice");
      }
    }
    for (JsonNode pool : pools) {
      Api.Answer answer = put(call, pool);
      warn(call, answer.json());
      if (call.json()) {
        call.pass(answer.body());
      } else {
        call.say("pool " + pool.path("name").asText() + " is at generation " + Json.text(answer.json(), "generation"));
      }
    }
    return 0;
  }

  /// A pool none of whose providers is there is taken: they may come later.
  private static void warn(Call call, JsonNode pool) throws IOException {
    JsonNode available = pool.path("providersAvailable");
    if (available.isArray() && available.isEmpty()) {
      List<String> providers = new ArrayList<>();
      pool.path("providers").forEach(provider -> providers.add(provider.asText()));
      call.tell("Warning: expected a lifecycle-service with a provider of pool " + Json.text(pool, "name") + " (" + String.join(", ", providers)
          + "), but none is there now; its jobs wait until one is.");
    }
  }

  private static Api.Answer put(Call call, JsonNode pool) throws IOException {
    String name = pool.path("name").asText();
    try {
      return call.api().call("PUT", "/v1/pools/" + Api.escape(name), pool, Map.of());
    } catch (Refused e) {
      throw new Failure(e.exitCode(), "pool " + name + ": " + e.getMessage());
    }
  }

  static int get(Call call) throws IOException {
    Fields.show(call, call.api().get("/v1/pools/" + Api.escape(call.operand())));
    return 0;
  }
}
