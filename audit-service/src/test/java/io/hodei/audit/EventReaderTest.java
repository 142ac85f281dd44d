package io.hodei.audit;

import static io.hodei.audit.Given.bytes;
import static io.hodei.audit.Given.event;
import static io.hodei.audit.Given.record;
import static io.hodei.audit.Given.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.hodei.kit.Json;
import io.hodei.schemas.GcEvent;
import io.hodei.schemas.JobEvent;
import io.hodei.schemas.Topic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class EventReaderTest {
  @Test
  void thePayloadIsTheWholeFlatRecordUnderItsNames() throws IOException {
    JsonNode payload = Json.MAPPER.readTree(row(0, event("e-1").setExitCode(3).setDueAt(Instant.parse("2026-11-21T12:00:01.5Z"))).payload());
    for (Schema.Field field : JobEvent.getClassSchema().getFields()) {
      assertTrue(payload.has(field.name()), field.name());
    }
    assertEquals("2026-11-21T12:00:00.000Z", payload.get("occurredAt").textValue());
    assertEquals("2026-11-21T12:00:01.500Z", payload.get("dueAt").textValue());
    assertEquals(3, payload.get("exitCode").intValue());
    assertTrue(payload.get("workerId").isNull());
  }

  @Test
  void nulAndHalfSurrogatesAreReplacedAndEverythingElseIsKept() {
    assertEquals("a\uFFFDb", EventReader.storable("a\0b"));
    assertEquals("\uFFFDx", EventReader.storable("\uD800x"));
    assertEquals("x\uFFFD", EventReader.storable("x\uDC00"));
    String fine = "tab\t, line\n, \\, \", é, 😀";
    assertEquals(fine, EventReader.storable(fine));
  }

  @Test
  void whatIsNoEventIsUnreadable() {
    unreadable(null);
    unreadable(new byte[0]);
    unreadable("{\"type\":\"JobQueued\"}".getBytes(StandardCharsets.UTF_8));
    byte[] good = Given.CODEC.bytes(Topic.JOB_EVENTS, event("e-1").build());
    unreadable(java.util.Arrays.copyOf(good, good.length / 2));
    unreadable(Given.CODEC.bytes(Topic.GC_EVENTS, GcEvent.newBuilder().setType("x").setEventId("e").setCorrelationId("c").setActor("a").setCycleId("c").build()));
  }

  @Test
  void anEventThatCannotBeAKeyOrATimeIsUnreadable() {
    assertThrows(EventReader.Unreadable.class, () -> Given.reader().row(record(0, event("").build())));
    assertThrows(EventReader.Unreadable.class, () -> Given.reader().row(record(0, event("e".repeat(201)).build())));
    assertThrows(EventReader.Unreadable.class, () -> Given.reader().row(record(0, event("e").setOccurredAt(Instant.parse("+12000-01-01T00:00:00Z")).build())));
  }

  @Test
  void whileTheRegistryIsAwayNothingIsJudgedUnreadable() {
    assertThrows(EventReader.NotNow.class, () -> Given.reader().row(bytes(0, new byte[] {9})));
  }

  private static void unreadable(byte[] value) {
    assertThrows(EventReader.Unreadable.class, () -> Given.reader().row(bytes(0, value)));
  }
}
