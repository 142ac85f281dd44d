package io.hodei.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// What the contract demands of every schema, and of those of the three event topics.
// proves: contract:topics
class SchemaRulesTest {
  @Test
  void everyRecordAndFieldHasADocAndEveryFieldADefault() {
    List<String> missing = new ArrayList<>();
    for (Topic topic : Topic.withSchema()) {
      visit(topic.schema(), (record, field) -> {
        if (isBlank(record.getDoc())) {
          missing.add(record.getName() + ": doc");
        }
        if (isBlank(field.doc())) {
          missing.add(record.getName() + "." + field.name() + ": doc");
        }
        if (!field.hasDefaultValue()) {
          missing.add(record.getName() + "." + field.name() + ": default");
        }
      });
    }
    assertEquals(List.of(), missing);
  }

  @Test
  void unionsAreOnlyWithNullWhichIsTheDefault() {
    List<String> wrong = new ArrayList<>();
    for (Topic topic : Topic.withSchema()) {
      visit(topic.schema(), (record, field) -> {
        if (field.schema().isUnion() && (field.schema().getTypes().size() != 2 || field.schema().getTypes().getFirst().getType() != Schema.Type.NULL)) {
          wrong.add(record.getName() + "." + field.name());
        }
      });
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void durationsAreLongsInMilliseconds() {
    List<String> wrong = new ArrayList<>();
    for (Topic topic : Topic.withSchema()) {
      visit(topic.schema(), (record, field) -> {
        if (field.name().endsWith("Ms") && core(field.schema()).getType() != Schema.Type.LONG) {
          wrong.add(record.getName() + "." + field.name());
        }
      });
    }
    assertEquals(List.of(), wrong);
  }

  // proves: contract:topic-job-events
  // proves: contract:topic-worker-events
  // proves: contract:topic-gc-events
  @ParameterizedTest
  @EnumSource(value = Topic.class, mode = Mode.INCLUDE, names = {"JOB_EVENTS", "WORKER_EVENTS", "GC_EVENTS"})
  void anEventIsFlatAndNamesItsKindTimeCorrelationAndActor(Topic topic) {
    for (String always : List.of("type", "eventId", "correlationId", "actor")) {
      assertEquals(Schema.Type.STRING, field(topic, always).schema().getType(), always);
    }
    assertEquals("timestamp-millis", field(topic, "occurredAt").schema().getLogicalType().getName());
    for (String nullable : List.of("causationId", "sequence", "jobId", "workerId", "pool", "tenant", "attempt", "epoch", "fromState", "toState",
        "reason", "category", "exitCode", "signal", "cause", "latencyMs", "providerId", "providerRef", "message")) {
      assertEquals(true, field(topic, nullable).schema().isNullable(), nullable);
    }
    for (Schema.Field field : topic.schema().getFields()) {
      assertEquals(false, core(field.schema()).getType() == Schema.Type.RECORD, field.name() + " is nested");
    }
  }

  private static Schema.Field field(Topic topic, String name) {
    Schema.Field field = topic.schema().getField(name);
    assertNotNull(field, topic + " has no " + name);
    return field;
  }

  private static Schema core(Schema schema) {
    return schema.isUnion() ? schema.getTypes().getLast() : schema;
  }

  private static void visit(Schema schema, BiConsumer<Schema, Schema.Field> with) {
    switch (schema.getType()) {
      case RECORD -> schema.getFields().forEach(field -> {
        with.accept(schema, field);
        visit(field.schema(), with);
      });
      case ARRAY -> visit(schema.getElementType(), with);
      case MAP -> visit(schema.getValueType(), with);
      case UNION -> schema.getTypes().forEach(type -> visit(type, with));
      default -> {
      }
    }
  }

  private static boolean isBlank(String text) {
    return text == null || text.isBlank();
  }
}
