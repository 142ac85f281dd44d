package io.hodei.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Map;

/// One object for people: a line per field that says something.
final class Fields {
  private Fields() {}

  static void show(Call call, Api.Answer answer) throws IOException {
    if (call.json()) {
      call.pass(answer.body());
    } else {
      call.say(text(answer.json(), call.world().colours()));
    }
  }

  static String text(JsonNode object, boolean colours) {
    Table table = new Table(colours, "FIELD", "VALUE");
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      add(table, field.getKey(), field.getValue());
    }
    return table.toString();
  }

  private static void add(Table table, String name, JsonNode value) {
    if (value.isNull() || value.isContainerNode() && value.isEmpty() || value.isTextual() && value.asText().isEmpty()) {
      return;
    }
    if (value.isArray() && value.get(0).isObject()) {
      int index = 0;
      for (JsonNode item : value) {
        StringBuilder line = new StringBuilder();
        item.properties().stream().filter(each -> !each.getValue().isNull())
            .forEach(each -> line.append(line.isEmpty() ? "" : "  ").append(each.getKey()).append('=').append(plain(each.getValue())));
        table.row(index++ == 0 ? name : " ", line);
      }
      return;
    }
    table.row(name, plain(value));
  }

  private static String plain(JsonNode value) {
    return value.isValueNode() ? value.asText() : value.toString();
  }
}
