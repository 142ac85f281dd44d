package io.hodei.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;

/// The verbs of `hodei flags`.
final class FlagVerbs {
  private FlagVerbs() {}

  static int get(Call call) throws IOException {
    show(call, call.api().get("/v1/flags"));
    return 0;
  }

  static int set(Call call) throws IOException {
    ObjectNode body = Json.object();
    for (String word : call.words()) {
      int equals = word.indexOf('=');
      if (equals < 1) {
        throw Failure.usage("Expected NAME=VALUE, but found \"" + word + "\"; the names are those of hodei flags get");
      }
      String name = word.substring(0, equals);
      if (body.has(name)) {
        throw Failure.usage("Expected each flag once, but found " + name + " twice");
      }
      put(body, name, word.substring(equals + 1));
    }
    show(call, call.api().call("PUT", "/v1/flags", body, Map.of()));
    return 0;
  }

  private static void put(ObjectNode body, String name, String value) {
    if (value.equals("true") || value.equals("false")) {
      body.put(name, value.equals("true"));
    } else if (value.matches("-?\\d{1,9}")) {
      body.put(name, Integer.parseInt(value));
    } else {
      body.put(name, value);
    }
  }

  private static void show(Call call, Api.Answer answer) throws IOException {
    if (call.json()) {
      call.pass(answer.body());
      return;
    }
    Table table = new Table(call.world().colours(), "FLAG", "VALUE");
    for (Map.Entry<String, JsonNode> flag : answer.json().properties()) {
      table.row(flag.getKey(), flag.getValue().asText());
    }
    call.say(table.toString());
  }
}
