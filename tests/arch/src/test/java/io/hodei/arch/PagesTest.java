package io.hodei.arch;

import io.hodei.kit.Key;
import io.hodei.schemas.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/// The pages about topics and configuration are what the code says.
// proves: contract:configuration
class PagesTest {
  @Test
  void theTopics() throws IOException {
    StringBuilder page = new StringBuilder(Page.head("Topics", "`io.hodei.schemas.Topic` and the Avro schemas"));
    page.append("Values are Avro in the Confluent wire format (a zero byte, the schema's id in four bytes, the record), subject `<topic>-value`. "
        + "Names are under the default prefix `hodei.`.\n\n| topic | key | value | writer | partitions | cleanup | what |\n|---|---|---|---|---|---|---|\n");
    for (Topic topic : Topic.values()) {
      if (topic.isCreated()) {
        page.append("| `").append(topic.under("hodei.")).append("` | ").append(Page.cell(topic.key())).append(" | ").append(value(topic)).append(" | ")
            .append(Page.cell(topic.writer())).append(" | ").append(topic.partitions(1)).append(" | ").append(topic.cleanup().policy()).append(' ')
            .append(span(topic.retention())).append(" | ").append(Page.cell(topic.about())).append(" |\n");
      }
    }
    Map<String, Schema> records = new LinkedHashMap<>();
    Topic.withSchema().forEach(topic -> collect(topic.schema(), records));
    records.forEach((name, record) -> {
      page.append("\n## ").append(name).append("\n\n").append(record.getDoc()).append("\n\n| field | type | default | what |\n|---|---|---|---|\n");
      record.getFields().forEach(field -> page.append("| ").append(field.name()).append(" | ").append(Page.cell(type(field.schema()))).append(" | ")
          .append(Page.cell(defaultOf(field))).append(" | ").append(Page.cell(field.doc())).append(" |\n"));
    });
    Page.assertUpToDate("topics.md", page.toString());
  }

  @Test
  void theConfiguration() throws IOException {
    StringBuilder page = new StringBuilder(Page.head("Configuration", "`io.hodei.kit.Key`"));
    page.append("One `hodei.yaml`, the same for every service; a key is a path in it. The environment goes before the file. Unknown keys are refused.\n"
        + "Durations are `500ms`, `30s`, `10m`, `1h`, `7d`.\n\n| key | environment | kind | default | what |\n|---|---|---|---|---|\n");
    for (Key key : Key.values()) {
      page.append("| `").append(key.key()).append("` | `").append(key.variable()).append("` | ").append(key.kind().name().toLowerCase(java.util.Locale.ROOT))
          .append(" | ").append(key.fallback().isEmpty() ? "empty" : "`" + key.fallback() + "`").append(" | ").append(Page.cell(key.about())).append(" |\n");
    }
    Page.assertUpToDate("configuration.md", page.toString());
  }

  private static String value(Topic topic) {
    return topic.schema() == null ? "bytes" : "[" + topic.schema().getName() + "](#" + topic.schema().getName().toLowerCase(java.util.Locale.ROOT) + ")";
  }

  private static String span(Duration time) {
    return time.toHours() % 24 == 0 ? time.toDays() + " d" : time.toHours() + " h";
  }

  private static String defaultOf(Schema.Field field) {
    Object value = field.hasDefaultValue() ? field.defaultVal() : "none";
    return value == org.apache.avro.JsonProperties.NULL_VALUE ? "null" : value instanceof String text && text.isEmpty() ? "\"\""
        : value instanceof byte[] ? "empty" : String.valueOf(value);
  }

  private static String type(Schema schema) {
    String logical = schema.getLogicalType() == null ? "" : " (" + schema.getLogicalType().getName() + ")";
    return switch (schema.getType()) {
      case UNION -> type(schema.getTypes().getLast()) + ", nullable";
      case ARRAY -> "array of " + type(schema.getElementType());
      case MAP -> "map of " + type(schema.getValueType());
      case RECORD, ENUM, FIXED -> schema.getName();
      default -> schema.getType().getName() + logical;
    };
  }

  private static void collect(Schema schema, Map<String, Schema> into) {
    switch (schema.getType()) {
      case RECORD -> {
        if (into.putIfAbsent(schema.getName(), schema) == null) {
          schema.getFields().forEach(field -> collect(field.schema(), into));
        }
      }
      case ARRAY -> collect(schema.getElementType(), into);
      case MAP -> collect(schema.getValueType(), into);
      case UNION -> schema.getTypes().forEach(type -> collect(type, into));
      default -> {
      }
    }
  }
}
